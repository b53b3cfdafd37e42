/**
 * `sonar-project.properties`: keys and values; a later line wins. Lines and escapes are read as Java and SonarSource's
 * scanner read them: what is one property there must not be another, or a comment, here.
 */
export function readProperties(text: string): ReadonlyMap<string, string> {
  return new Map(
    logicalLines(text).flatMap((line): [string, string][] => {
      const [, key, value] = /^((?:[^\\=:\s]|\\.)+)\s*[=:]?\s*(.*)$/s.exec(line) ?? [];
      return key === undefined ? [] : [[unescape(key), unescape(value ?? '').trim()]];
    }),
  );
}

/** Lines without comments; one that ends in an odd number of backslashes goes on in the next. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let open: string | undefined;
  for (const natural of text.split(/\r\n|\r|\n/)) {
    const line = natural.trimStart();
    if (open === undefined && /^([#!]|$)/.test(line)) continue;
    const whole: string = (open ?? '') + line;
    const goesOn = (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;
    open = goesOn ? whole.slice(0, -1) : undefined;
    if (!goesOn) lines.push(whole);
  }
  return open === undefined ? lines : [...lines, open];
}

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescape(text: string): string {
  return text.replaceAll(
    /\\(?:u([0-9a-f]{4})|(.))/gis,
    (_, hex: string | undefined, char: string | undefined) =>
      hex === undefined
        ? (controls[char ?? ''] ?? char ?? '')
        : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/**
 * The name of a property by which a file of the repository would choose where the token goes or which program gets it,
 * or take it out of the environment, which the scanner fills in for `${env.NAME}`; undefined when there is none.
 */
export function untrustedProperty(
  properties: ReadonlyMap<string, string>,
  origin: string,
): string | undefined {
  for (const [name, value] of properties) {
    if (`${name} ${value}`.includes('${')) return name;
    if (name.startsWith('sonar.scanner.') || /^(http|https|javax)\./.test(name)) return name;
    if (name === 'sonar.token' || name === 'sonar.login' || name === 'sonar.password') return name;
    if (name === 'sonar.host.url' && (!URL.canParse(value) || new URL(value).origin !== origin)) return name;
  }
  return undefined;
}

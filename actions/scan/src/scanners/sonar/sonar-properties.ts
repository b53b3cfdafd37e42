/** `sonar-project.properties`: keys and values; a later line wins. */
export function readProperties(text: string): ReadonlyMap<string, string> {
  const joined = text.replaceAll(/\\\r?\n\s*/g, '');
  return new Map(
    joined.split(/\r?\n/).flatMap((line): [string, string][] => {
      const match = /^\s*([^#!=:\s][^=:\s]*)\s*[=:\s]\s*(.*)$/.exec(line);
      return match?.[1] === undefined ? [] : [[match[1], (match[2] ?? '').trim()]];
    }),
  );
}

/**
 * The name of a property by which a file of the repository would choose where the token goes or which program gets it;
 * undefined when there is none.
 */
export function untrustedProperty(
  properties: ReadonlyMap<string, string>,
  origin: string,
): string | undefined {
  for (const [name, value] of properties) {
    if (name.startsWith('sonar.scanner.') || /^(http|https|javax)\./.test(name)) return name;
    if (name === 'sonar.token' || name === 'sonar.login' || name === 'sonar.password') return name;
    if (name === 'sonar.host.url' && (!URL.canParse(value) || new URL(value).origin !== origin)) return name;
  }
  return undefined;
}

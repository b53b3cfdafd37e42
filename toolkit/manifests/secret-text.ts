/** Names that say their value is secret, whatever kind of object they are in. */
const secretName =
  /pass(word|wd|phrase)?$|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth$|dsn$|_key$/i;
const secretValue =
  /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<![\w-])eyJ[\w-]{10,}\.[\w-]{10,}\.|\bauthorization["']?(?:\s*[:=])?\s{0,9}["']?(?:basic|bearer)\s+\S/i;

/**
 * Where a name is given a value inside a text: `PASSWORD=x`, `password: x`, `"password":"x"` (but `auth:1.2` is an
 * image), `<password>x`, `--password x`, and `requirepass x` alone on its line. A match begins where a name begins and
 * looks only so far ahead, so that a long text takes linear time and `set=password=x` is two assignments.
 */
const assignments = [
  /(?<![\w.-])([\w.-]+)["']?[ \t]*=[ \t]*(?=(\S{1,100}))/g,
  /(?<![\w.-])([\w.-]+)(?:["'][ \t]*:[ \t]*|[ \t]*:[ \t]+)(?=(\S{1,100}))/g,
  /<([\w.-]+)>(?=([^\s<]\S{0,99}))/g,
  /(?<![\w.-])--?([\w.-]+)(?:[ \t]+|["'],\s*["'])(?=([^\s-]\S{0,99}))/g,
  /^[ \t]*([\w.-]+)[ \t]+(\S+)[ \t]*$/gm,
];

/** Whether a field of this name holds something secret rather than the name of it. */
export function saysSecret(name: string): boolean {
  return secretName.test(name) && !/name$/i.test(name);
}

/** Whether a text holds a secret: an address with a password, a key, a token, or a value given to a secret name. */
export function holdsSecret(text: string): boolean {
  if (secretValue.test(text)) return true;
  return assignments.some((pattern) =>
    [...text.matchAll(pattern)].some(
      ([, name = '', value = '']) => asksFor(name) && !isHarmless(value, name),
    ),
  );
}

/** Whether `argument` is what the flag before it asks for: `--password`, `hunter2`. */
export function answersFlag(before: unknown, argument: unknown): boolean {
  if (typeof before !== 'string' || typeof argument !== 'string' || argument.startsWith('-')) return false;
  const flag = /^--?([\w.-]+)$/.exec(before)?.[1];
  return flag !== undefined && asksFor(flag) && !isHarmless(argument, flag);
}

/** A setting that wants the secret itself and not the file it is in. */
function asksFor(name: string): boolean {
  return saysSecret(name) && !/(file|path|dir)$/i.test(name);
}

/** Names of how many or how long: `max_tokens`, `tokenTtl`, `secret-rotation-days`. */
const countName =
  /(^|[_.-])(max|min|num)[_.-]|tokens$|(count|limit|length|size|budget|ttl|timeout|interval|expiry|seconds|minutes|hours|days|retries|attempts)$/i;

/** `4096` as `max_tokens` counts; as a password it would be one. */
export function isCount(name: string, value: string): boolean {
  return countName.test(name) && /^\d{1,12}(\.\d+)?(ms|s|m|h|d|k|Ki|Mi|Gi)?$/.test(value);
}

/** A number where one is asked for, a variable that is filled in elsewhere, a switch, or nothing. */
function isHarmless(value: string, name: string): boolean {
  const bare = value.replace(/^["']|["']?[,;]?["']?$/g, '');
  if (isCount(name, bare.replace(/[\])}]+$/, ''))) return true;
  return /^(\$\(\w+\)|\$\{\w+\}|\$[A-Z_][A-Z0-9_]*|true|false|null|none|\{\}|\[\])?$/.test(bare);
}

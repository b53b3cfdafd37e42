import { createHash } from 'node:crypto';

/**
 * A name of [a-z0-9-] for any branch: begins with a letter, ends with a letter or digit, at most `max` characters
 * (23 or more). Hashed slugs end with `-h` and the first 8 hexadecimal digits of sha256(branch), so that branches
 * which read alike differ.
 */
export function slugOf(branch: string, options: { max: number; hashed: boolean }): string {
  const readable = normalise(branch);
  const hashed = options.hashed || readable !== branch || readable.length > options.max;
  if (!hashed) return readable;
  const digest = createHash('sha256').update(branch, 'utf8').digest('hex');
  const end = `-h${digest.slice(0, 8)}`;
  // Names that read the same are few while each character left its trace. Where text was lost they can be many,
  // and 32 bits would meet by chance: 32 more stand in for what is missing.
  const lost = readable.length !== branch.length || /[^ -~]/.test(branch);
  const full = lost || readable.length + end.length > options.max ? `-${digest.slice(8, 16)}${end}` : end;
  const kept = readable.slice(0, options.max - full.length).replace(/-+$/, '');
  return `${kept}${full}`;
}

/** ASCII only: `toLowerCase` on Unicode would turn a Kelvin sign into a k. A first digit gets a letter in front. */
export function normalise(text: string): string {
  const plain = text
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return /^[a-z]/.test(plain) ? plain : `b${plain === '' ? '' : `-${plain}`}`;
}

/** RFC 1035 label: what Kubernetes takes as the name of a namespace or a Service. */
export function isLabel(name: string, max = 63): boolean {
  return name.length <= max && /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name);
}

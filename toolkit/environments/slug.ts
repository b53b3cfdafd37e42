import { createHash } from 'node:crypto';

/** `-h` and eight hexadecimal digits. */
const hashLength = 10;

/**
 * A name of [a-z0-9-] for any branch: begins with a letter, ends with a letter or digit, at most `max` characters.
 * Hashed slugs end with the first 8 hexadecimal digits of sha256(branch), so that branches which read alike differ.
 */
export function slugOf(branch: string, options: { max: number; hashed: boolean }): string {
  const readable = normalise(branch);
  const hashed = options.hashed || readable !== branch || readable.length > options.max;
  if (!hashed) return readable;
  const kept = readable.slice(0, options.max - hashLength).replace(/-+$/, '');
  return `${kept}-h${createHash('sha256').update(branch, 'utf8').digest('hex').slice(0, 8)}`;
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

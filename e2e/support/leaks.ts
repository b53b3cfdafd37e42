/** Looks for planted secrets in whatever a run left behind, also where they were encoded on the way. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A secret no one else uses, with signs that URLs, JSON and YAML treat in their own ways. */
export function plant(name: string): string {
  return `planted-${name}-Zq7/xW+3kP9v=`;
}

/** A secret as it is, in a URL, in a JSON string, and in base64 wherever in the encoded text it begins. */
export function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    // Signs that also hold bits of what stands around it say nothing.
    const whole = bytes
      .toString('base64')
      .slice(before === 0 ? 0 : before + 1, Math.floor((bytes.length * 8) / 6));
    return [whole, whole.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const json = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, encodeURIComponent(secret), encodeURI(secret), json, ...base64])];
}

/** Name → text of every file below a folder. */
export function textsBelow(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path, 'latin1')]));
}

/** `secret in place`, for each secret (by its name) that any of the texts (by their place) holds in any form. */
export function findLeaks(
  texts: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string[] {
  const found: string[] = [];
  for (const [name, secret] of Object.entries(secrets)) {
    const forms = formsOf(secret);
    for (const [place, text] of Object.entries(texts)) {
      if (forms.some((form) => text.includes(form))) found.push(`${name} in ${place}`);
    }
  }
  return found;
}

import { folderOf, nameIn } from '../../../toolkit/files/repository-path.ts';

const script = /\.[cm]?[jt]s$/;
const imported = /(?:\bfrom|\bimport|\brequire(?:\.resolve)?)\s*\(?\s*(["'`])(\.{1,2}\/[^"'`\n]+)\1/g;
/** In JSON, YAML and TOML: ESLint's, Biome's and oxlint's `extends`, Ruff's `extend`, Prettier's in package.json. */
const extending = /["']?\b(?:extends?|prettier)\b["']?\s*[:=]\s*(\[[^\]]*\]|(?:\s*-[^\n]*\n?)+|[^\n]*)/g;
const relative = /(?:^|[\s"',[-])(\.{1,2}\/[^\s"',\]]+)/g;
const endings = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'yaml', 'yml'];

/**
 * What these configurations bring in by a relative path, and what that brings in: each path that could be meant, whether
 * or not there is a file. Who imports by an alias or a package's name is not followed.
 */
export function configurationImports(
  configurations: readonly string[],
  readText: (path: string) => string | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...configurations];
  const read = new Set<string>();
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (read.has(path)) continue;
    read.add(path);
    const text = readText(path);
    if (text === undefined) continue;
    for (const specifier of specifiersIn(path, text)) {
      for (const candidate of candidatesOf(path, specifier)) {
        found.add(candidate);
        open.push(candidate);
      }
    }
  }
  return found;
}

function specifiersIn(path: string, text: string): string[] {
  if (script.test(path)) return [...text.matchAll(imported)].map(([, , specifier = '']) => specifier);
  if (!/\.(jsonc?|ya?ml|toml)$|rc$/.test(nameIn(path))) return [];
  return [...text.matchAll(extending)].flatMap(([, value = '']) =>
    [...value.matchAll(relative)].map(([, specifier = '']) => specifier),
  );
}

/** The path itself, with an ending, as a folder's index, or as the TypeScript behind a name that ends in `.js`. */
function candidatesOf(from: string, specifier: string): string[] {
  const parts = folderOf(from) === '.' ? [] : folderOf(from).split('/');
  for (const part of specifier.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return [];
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  const path = parts.join('/');
  if (path === '') return endings.map((ending) => `index.${ending}`);
  return [
    path,
    ...endings.map((ending) => `${path}.${ending}`),
    ...endings.map((ending) => `${path}/index.${ending}`),
    ...(/\.[cm]?js$/.test(path) ? [path.replace(/js$/, 'ts')] : []),
  ];
}

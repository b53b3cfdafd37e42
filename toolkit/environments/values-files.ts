import { slugMark } from './entry.ts';

/** The first file that is named for another environment: one environment's configuration must not reach another. */
export function foreignValuesFile(
  files: readonly string[],
  environment: string,
  environments: readonly string[],
): { file: string; environment: string } | undefined {
  const own = stem(environment);
  for (const file of files) {
    const words = wordsOf(file);
    if (words.has(own)) continue;
    const other = environments.find(
      (name) => stem(name) !== '' && stem(name) !== own && words.has(stem(name)),
    );
    if (other !== undefined) return { file, environment: other };
  }
  return undefined;
}

/** `preview/{slug}` and `preview/a-h1` are `preview`. */
function stem(environment: string): string {
  return (environment.replace(slugMark, '').split('/')[0] ?? '').toLowerCase();
}

/** Whole folder names, the bare file name, and the parts of the file name between dots, hyphens and underscores. */
function wordsOf(file: string): Set<string> {
  const segments = file.toLowerCase().split(/[\\/]/);
  const base = (segments.pop() ?? '').replace(/(\.gotmpl|\.ya?ml|\.json)+$/, '');
  return new Set([...segments, base, ...base.split(/[._-]+/)]);
}

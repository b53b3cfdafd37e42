/**
 * The go.mod of a throw-away module that requires `module`. A dependency's `replace` lines do not count in Go, so they
 * are repeated (local ones cannot be); requirements at v0.0.0 under the staging prefix get the published version.
 */
export function goModText(options: {
  readonly goMod: string;
  readonly module: string;
  readonly version: string;
  readonly staging?: { readonly prefix: string; readonly version: string } | undefined;
}): string {
  const lines = options.goMod.split('\n').map((line) => line.replace(/\/\/.*/, '').trim());
  const go = lines.find((line) => line.startsWith('go ')) ?? 'go 1.24';
  const replaces = lines
    .map((line) => line.replace(/^replace\s+/, ''))
    .filter((line) => line.includes('=>') && !/=>\s*\.{1,2}\//.test(line));
  const { staging } = options;
  if (staging !== undefined) {
    for (const line of lines) {
      const [name = '', version] = line.replace(/^require\s+/, '').split(/\s+/);
      if (version === 'v0.0.0' && name.startsWith(staging.prefix)) {
        replaces.push(`${name} => ${name} ${staging.version}`);
      }
    }
  }
  return [
    'module rig.invalid/build',
    go,
    `require ${options.module} ${options.version}`,
    ...[...new Set(replaces)].map((line) => `replace ${line}`),
    '',
  ].join('\n');
}

/** Snyk's names of package managers and the type of package URL they stand for. */
const types: Readonly<Record<string, string>> = {
  npm: 'npm',
  yarn: 'npm',
  pnpm: 'npm',
  pip: 'pypi',
  pipenv: 'pypi',
  poetry: 'pypi',
  maven: 'maven',
  gradle: 'maven',
  sbt: 'maven',
  gomodules: 'golang',
  golangdep: 'golang',
  golang: 'golang',
  rubygems: 'gem',
  nuget: 'nuget',
  paket: 'nuget',
  composer: 'composer',
  cocoapods: 'cocoapods',
  hex: 'hex',
  cargo: 'cargo',
  swift: 'swift',
};

const distributions: readonly (readonly [RegExp, string])[] = [
  [/^(alpine|wolfi|chainguard)\b/, 'apk'],
  [/^(debian|ubuntu|distroless)\b/, 'deb'],
  [/^(rhel|centos|amzn|amazonlinux|oracle|rocky|fedora|sles|opensuse)\b/, 'rpm'],
];

/**
 * The package URL without version of a package as Snyk names it: `lodash` of `npm`, `group:artifact` of `maven`,
 * `source/binary` of `alpine:3.20`. What cannot be told gets the type `generic`, and is then merged with nothing else.
 */
export function snykPurl(packageManager: string, name: string): string {
  const manager = packageManager.toLowerCase();
  for (const [pattern, type] of distributions) {
    const distribution = pattern.exec(manager)?.[1];
    if (distribution !== undefined)
      return `pkg:${type}/${distribution}/${name.slice(name.lastIndexOf('/') + 1)}`;
  }
  const type = types[manager];
  switch (type) {
    case undefined:
      return `pkg:generic/${encoded(manager === '' ? name : `${manager}/${name}`)}`;
    case 'maven':
      return `pkg:maven/${encoded(name.replace(':', '/'))}`;
    case 'pypi':
      return `pkg:pypi/${name.toLowerCase().replaceAll('_', '-')}`;
    default:
      return `pkg:${type}/${encoded(name)}`;
  }
}

function encoded(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

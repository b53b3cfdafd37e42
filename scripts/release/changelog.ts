/** The text below `## VERSION` (with or without a date) of a change log; undefined when there is no such section. */
export function changelogSection(changelog: string, version: string): string | undefined {
  const lines = changelog.split('\n');
  const isHeading = (line: string): boolean => line.startsWith('## ');
  const from = lines.findIndex(
    (line) =>
      isHeading(line) &&
      line
        .slice(3)
        .split(/[\s[\]]+/)
        .includes(version),
  );
  if (from === -1) return undefined;
  const rest = lines.slice(from + 1);
  const to = rest.findIndex(isHeading);
  return rest
    .slice(0, to === -1 ? undefined : to)
    .join('\n')
    .trim();
}

/** Why this version cannot be released; undefined when it can. */
export function versionProblem(
  version: string,
  { packageVersion, changelog }: { readonly packageVersion: string; readonly changelog: string },
): string | undefined {
  if (!/^\d+\.\d+\.\d+$/.test(version)) return `'${version}' is no version such as 1.2.3`;
  if (packageVersion !== version) return `package.json says ${packageVersion}, not ${version}`;
  const section = changelogSection(changelog, version);
  return section === undefined || section === '' ? `CHANGELOG.md does not tell of ${version}` : undefined;
}

import picomatch from 'picomatch';

export type HelmIgnore = (path: string, isFolder: boolean) => boolean;

/**
 * What Helm leaves out of a chart by the text of its `.helmignore`; paths are the chart's own, with slashes. Unlike
 * Git's rules `**` is none, a pattern with a slash anywhere is for the whole path, and `!` wins wherever it stands.
 */
export function helmIgnore(text: string): HelmIgnore {
  const rules = [...text.replace(/^\uFEFF/, '').split('\n'), 'templates/.?*']
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(parseRule);
  return (path, isFolder) => {
    const hits = rules.filter((rule) => (isFolder || !rule.foldersOnly) && rule.matches(path));
    return hits.length > 0 && !hits.some(({ negated }) => negated);
  };
}

function parseRule(line: string): {
  negated: boolean;
  foldersOnly: boolean;
  matches: (path: string) => boolean;
} {
  const negated = line.startsWith('!');
  const foldersOnly = line.endsWith('/');
  const rule = line.slice(negated ? 1 : 0, foldersOnly ? -1 : undefined);
  const matches = picomatch(rule.replace(/^\//, ''), {
    dot: true,
    nobrace: true,
    noextglob: true,
    noglobstar: true,
    nonegate: true,
  });
  return {
    negated,
    foldersOnly,
    matches: rule.includes('/') ? matches : (path) => matches(path.slice(path.lastIndexOf('/') + 1)),
  };
}

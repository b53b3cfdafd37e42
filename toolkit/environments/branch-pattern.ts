/** `*` stops at `/`, `**` does not; everything else stands for itself. Anchored and case-sensitive. */
function toRegExp(pattern: string): RegExp {
  const source = pattern
    .split(/(\*+)/)
    .map((part) => {
      if (part === '*') return '[^/]*';
      if (/^\*+$/.test(part)) return '.*';
      return part.replaceAll(/[.+?^${}()|[\]\\/-]/g, '\\$&');
    })
    .join('');
  // `s`: a name may hold any character, and a dot in a regular expression would stop at a line's end.
  return new RegExp(`^${source}$`, 's');
}

/** True when some pattern matches and no `!` pattern does; with `!` patterns alone every other branch matches. */
export function matchesBranch(patterns: readonly string[], branch: string): boolean {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
  const matches = (pattern: string): boolean => toRegExp(pattern).test(branch);
  return (wanted.length === 0 || wanted.some(matches)) && !unwanted.some(matches);
}

import { normaliseLine, type Fingerprinted } from '../../../toolkit/findings/fingerprint.ts';

/**
 * Configurations are files that are linted too, and in the base it is today's that are: of what was found in them there,
 * only as much is old as the base had such lines. `before` holds the base's own text by path.
 */
export function onlyOldLines(
  findings: readonly Fingerprinted[],
  before: ReadonlyMap<string, string>,
  today: (path: string) => string | undefined,
): Fingerprinted[] {
  const left = new Map<string, number>();
  return findings.filter(({ finding: { tool, rule, location } }) => {
    const old = before.get(location.path);
    const now = old === undefined ? undefined : today(location.path);
    if (old === undefined || old === now) return true;
    const line = normaliseLine(now?.split('\n')[location.startLine - 1] ?? '');
    const key = JSON.stringify([location.path, tool, rule, line]);
    const count = left.get(key) ?? old.split('\n').filter((text) => normaliseLine(text) === line).length;
    left.set(key, count - 1);
    return count > 0;
  });
}

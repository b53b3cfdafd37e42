import type { Fingerprinted } from './fingerprint.ts';

/** What the comparison has to go by. No baseline never means that everything is old. */
export type Baseline =
  | { readonly kind: 'compared'; readonly base: string; readonly findings: readonly Fingerprinted[] }
  | { readonly kind: 'none'; readonly reason: string };

export interface Compared {
  readonly head: readonly (Fingerprinted & { readonly state: 'new' | 'unchanged' })[];
  /** In the baseline and gone now. */
  readonly fixed: readonly Fingerprinted[];
}

/**
 * Pairs today's findings with those of the baseline: first by content, then, among what is left over, one to one by
 * the line alone. So an edited neighbour line does not make an old problem new, and a second identical line does.
 */
export function compare(head: readonly Fingerprinted[], baseline: Baseline): Compared {
  if (baseline.kind === 'none') {
    return { head: head.map((item) => ({ ...item, state: 'new' })), fixed: [] };
  }
  const byId = new Map(baseline.findings.map((item) => [item.id, item]));
  const paired = new Set<string>();
  const exact = head.map((item) => {
    const found = byId.has(item.id);
    if (found) paired.add(item.id);
    return found;
  });
  const leftByLine = new Map<string, Fingerprinted[]>();
  // From the end, so that the first one is the one to pop.
  for (const item of baseline.findings.toReversed()) {
    if (paired.has(item.id) || item.lineId === undefined) continue;
    const same = leftByLine.get(item.lineId);
    if (same === undefined) leftByLine.set(item.lineId, [item]);
    else same.push(item);
  }
  const result = head.map((item, index) => {
    if (exact[index]) return { ...item, state: 'unchanged' as const };
    const old = item.lineId === undefined ? undefined : leftByLine.get(item.lineId)?.pop();
    if (old) paired.add(old.id);
    return { ...item, state: old ? ('unchanged' as const) : ('new' as const) };
  });
  return { head: result, fixed: baseline.findings.filter((item) => !paired.has(item.id)) };
}

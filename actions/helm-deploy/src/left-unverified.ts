import type { Ledger } from '../../../toolkit/ledger/ledger.ts';

/**
 * Whether the newest deploy is this commit's and may have changed what was never verified: an earlier attempt that died
 * or failed. A failed one that got no revision changed nothing.
 */
export function leftUnverified({ entries }: Pick<Ledger, 'entries'>, gitSha: string): boolean {
  const last = entries.at(-1);
  if (last?.gitSha !== gitSha) return false;
  if (last.phase === 'applying') return true;
  if (last.phase !== 'deployed' && last.phase !== 'failed') return false;
  return last.releases.some(
    ({ phase, revision, previousRevision }) => phase !== 'verified' && revision > previousRevision,
  );
}

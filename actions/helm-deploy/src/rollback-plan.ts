import type { Ledger, LedgerRelease } from '../../../toolkit/ledger/ledger.ts';

export interface RollbackStep {
  readonly release: string;
  readonly namespace: string;
  readonly from: number;
  /** 0: there is no verified revision to go back to. */
  readonly to: number;
}

/** Where a rollback of this deploy would go: for each release, last first, the newest verified revision before it. */
export function rollbackPlanOf(ledger: Ledger, releases: readonly LedgerRelease[]): RollbackStep[] {
  return releases.toReversed().map(({ name, namespace, revision }) => ({
    release: name,
    namespace,
    from: revision,
    to: newestVerified(ledger, name, namespace, revision),
  }));
}

function newestVerified(ledger: Ledger, name: string, namespace: string, before: number): number {
  for (const { releases } of ledger.entries.toReversed()) {
    const found = releases.find(
      (release) =>
        release.name === name &&
        release.namespace === namespace &&
        release.phase === 'verified' &&
        release.revision !== before,
    );
    if (found !== undefined) return found.revision;
  }
  return 0;
}

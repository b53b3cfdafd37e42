import type { Ledger, LedgerEntry, LedgerRelease, Phase } from '../../../toolkit/ledger/ledger.ts';
import type { ReleaseStatus } from '../../../toolkit/helm/helm.ts';
import type { Revision } from './target.ts';

/** A stored revision whose manifest hash is its content's name. */
export function revision(
  number: number,
  content: string,
  status: ReleaseStatus = 'superseded',
  description = 'Upgrade complete',
): Revision {
  return {
    revision: number,
    status,
    description,
    chart: 'api',
    chartVersion: '1.0.0',
    manifestSha256: content,
  };
}

export function record(
  number: number,
  content: string,
  phase: Phase,
  more: Partial<LedgerRelease> = {},
): LedgerRelease {
  return {
    name: 'api',
    namespace: 'shop',
    kind: 'helm',
    chart: 'api',
    chartVersion: '1.0.0',
    revision: number,
    previousRevision: number - 1,
    manifestSha256: content,
    valuesSha256: '',
    images: [],
    workloads: [],
    phase,
    needs: [],
    ...more,
  };
}

export function entry(
  id: string,
  phase: Phase,
  releases: readonly LedgerRelease[],
  more: Partial<LedgerEntry> = {},
): LedgerEntry {
  return {
    id,
    startedAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    gitSha: `sha-${id}`,
    branch: 'main',
    runUrl: '',
    actor: '',
    strategy: 'direct',
    phase,
    releases,
    reason: '',
    ...more,
  };
}

export function ledger(entries: readonly LedgerEntry[], more: Partial<Ledger> = {}): Ledger {
  return {
    format: 1,
    environment: 'production',
    namespace: 'shop',
    branch: 'main',
    entries,
    bad: [],
    plans: [],
    ...more,
  };
}

/** A finished plan under this id: what makes the entry of the same id a rollback's. */
export function donePlan(id: string): Ledger['plans'][number] {
  return {
    id,
    createdAt: '',
    updatedAt: '',
    reason: '',
    runUrl: '',
    automatic: true,
    state: 'done',
    entryId: '',
    steps: [],
  };
}

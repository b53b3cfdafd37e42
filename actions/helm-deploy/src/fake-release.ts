import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { LedgerEntry, LedgerRelease } from '../../../toolkit/ledger/ledger.ts';
import type { ReleasePlan } from './plan.ts';
import type { WantedRelease } from './unit.ts';

/** Values for tests: the release `api` in the namespace `shop`. */
export const wantedApi: WantedRelease = {
  name: 'api',
  namespace: 'shop',
  kind: 'helm',
  chart: './charts/api',
  chartVersion: '1.0.0',
  installed: true,
  needs: [],
};

export function revisionOf(more: Partial<ReleaseRevision> = {}): ReleaseRevision {
  const revision = more.revision ?? 1;
  return {
    name: 'api',
    namespace: 'shop',
    revision,
    status: 'deployed',
    description: '',
    lastDeployed: '2026-01-01T00:00:00Z',
    chart: 'api',
    chartVersion: '1.0.0',
    appVersion: '',
    manifest: '',
    manifestSha256: `m${revision}`,
    values: {},
    valuesSha256: `v${revision}`,
    hooks: [],
    applyMethod: undefined,
    secret: { name: `sh.helm.release.v1.api.v${revision}`, resourceVersion: '1', bytes: 1 },
    ...more,
  };
}

export function planOf(more: Partial<ReleasePlan> = {}): ReleasePlan {
  return {
    wanted: wantedApi,
    action: 'upgrade',
    current: revisionOf(),
    verified: false,
    changes: [],
    risks: [],
    leftBehind: [],
    hooks: [],
    ...more,
  };
}

export function recordOf(more: Partial<LedgerRelease> = {}): LedgerRelease {
  const revision = more.revision ?? 2;
  return {
    ...wantedApi,
    revision,
    previousRevision: revision - 1,
    manifestSha256: `m${revision}`,
    valuesSha256: `v${revision}`,
    images: [],
    workloads: [],
    phase: 'verified',
    ...more,
  };
}

export function entryOf(more: Partial<LedgerEntry> = {}): LedgerEntry {
  return {
    id: 'entry',
    startedAt: '2026-01-01T00:00:00Z',
    updatedAt: '2026-01-01T00:00:00Z',
    gitSha: 'a'.repeat(40),
    branch: 'main',
    runUrl: '',
    actor: 'octocat',
    strategy: 'direct',
    phase: 'verified',
    reason: '',
    releases: [recordOf()],
    ...more,
  };
}

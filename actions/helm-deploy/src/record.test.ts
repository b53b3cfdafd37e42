import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { closeAbandoned } from './close-abandoned.ts';
import { entryOf, planOf, recordOf, revisionOf, wantedApi } from './fake-release.ts';
import { observedReleases, plannedEntry } from './record.ts';
import { rollbackPlanOf } from './rollback-plan.ts';
import { emptyLedger } from '../../../toolkit/ledger/ledger-format.ts';

const facts = {
  id: 'run-1',
  now: '2026-01-02T00:00:00Z',
  gitSha: 'b'.repeat(40),
  branch: 'main',
  runUrl: 'https://run/1',
  actor: 'octocat',
  strategy: 'direct',
} as const;
const other = { ...wantedApi, name: 'web' };

describe('plannedEntry', () => {
  it('says what is about to change and what stays', () => {
    const { releases, ...entry } = plannedEntry(facts, [
      planOf({ current: revisionOf({ revision: 4 }) }),
      planOf({ wanted: other, action: 'unchanged', verified: true, current: revisionOf({ revision: 7 }) }),
      planOf({ wanted: { ...other, name: 'new' }, action: 'install', current: undefined }),
      planOf({ wanted: { ...other, name: 'gone', installed: false }, action: 'absent', current: undefined }),
    ]);
    expect(entry).toMatchObject({
      id: 'run-1',
      phase: 'applying',
      startedAt: facts.now,
      updatedAt: facts.now,
    });
    expect(
      releases.map(({ name, revision, previousRevision, manifestSha256, phase }) => [
        name,
        revision,
        previousRevision,
        manifestSha256,
        phase,
      ]),
    ).toEqual([
      ['api', 0, 4, '', 'applying'],
      ['web', 7, 7, 'm7', 'verified'],
      ['new', 0, 0, '', 'applying'],
    ]);
  });
});

describe('observedReleases', () => {
  const seen = (status: 'deployed' | 'failed', revision: number) => ({
    revisions: new Map([['shop/api', [revisionOf({ revision, status })]]]),
    resources: new Map(),
  });

  it('takes the revision that came, and leaves alone what did not', () => {
    const planned = recordOf({ revision: 0, previousRevision: 4, manifestSha256: '', phase: 'applying' });
    const [came] = observedReleases([planned], seen('deployed', 5), () => 'deployed');
    expect(came).toMatchObject({ revision: 5, manifestSha256: 'm5', valuesSha256: 'v5', phase: 'deployed' });
    const [stayed] = observedReleases([planned], seen('deployed', 4), () => 'failed');
    expect(stayed).toMatchObject({ revision: 0, manifestSha256: '', phase: 'failed' });
  });

  it('records images and the generation of pods', () => {
    const manifest = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n';
    const revisions = new Map([['shop/api', [revisionOf({ revision: 5, manifest })]]]);
    const annotations = { 'deployment.kubernetes.io/revision': '3' };
    const digest = `sha256:${'0'.repeat(64)}`;
    const live: KubernetesObject[] = [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'api', namespace: 'shop', uid: 'd', annotations },
        spec: { template: { spec: { containers: [{ name: 'main', image: 'shop/api:5' }] } } },
      },
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: {
          name: 'api-abc',
          namespace: 'shop',
          uid: 'r',
          annotations,
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'd' }],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: 'api-abc-1',
          namespace: 'shop',
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'api-abc', uid: 'r' }],
        },
        status: { containerStatuses: [{ name: 'main', imageID: `shop/api@${digest}` }] },
      },
    ];
    const planned = recordOf({ revision: 0, previousRevision: 4, phase: 'applying' });
    const [release] = observedReleases(
      [planned],
      { revisions, resources: new Map() },
      () => 'verified',
      live,
    );
    expect(release?.images).toEqual([
      { workload: 'Deployment/api', container: 'main', image: 'shop/api:5', digest },
    ]);
    expect(release?.workloads).toEqual([
      { kind: 'Deployment', name: 'api', template: 'api-abc', revision: 3 },
    ]);
  });
});

describe('an Application', () => {
  it('is recorded with the images of the objects that Argo CD made for it', () => {
    const live: KubernetesObject[] = [
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db', namespace: 'data', uid: 's' },
        spec: { template: { spec: { containers: [{ name: 'main', image: 'mongo:7' }] } } },
      },
    ];
    const resources = new Map([['shop/api', [{ kind: 'StatefulSet', name: 'db', namespace: 'data' }]]]);
    const revisions = new Map([['shop/api', [revisionOf()]]]);
    const planned = recordOf({ kind: 'argocd', revision: 1 });
    const [release] = observedReleases([planned], { revisions, resources }, () => 'verified', live);
    expect(release?.images).toMatchObject([{ workload: 'StatefulSet/db', image: 'mongo:7' }]);
  });
});

describe('closeAbandoned', () => {
  it('makes failures of what a dead run left open, and leaves the rest', () => {
    const open = entryOf({
      id: 'open',
      phase: 'applying',
      releases: [recordOf({ phase: 'applying' }), recordOf({ name: 'web', phase: 'verified' })],
    });
    const ledger = { ...emptyLedger('shop', 'production'), entries: [entryOf(), open] };
    const closed = closeAbandoned(ledger, 'now');
    expect(closed.entries.map(({ phase }) => phase)).toEqual(['verified', 'failed']);
    expect(closed.entries[1]?.releases.map(({ phase }) => phase)).toEqual(['failed', 'verified']);
    expect(closeAbandoned(closed, 'later')).toEqual(closed);
  });
});

describe('rollbackPlanOf', () => {
  it('goes to the newest verified revision before, last release first', () => {
    const entries = [
      entryOf({ releases: [recordOf({ revision: 2 }), recordOf({ name: 'web', revision: 5 })] }),
      entryOf({ releases: [recordOf({ revision: 3, phase: 'failed' })] }),
    ];
    const ledger = { ...emptyLedger('shop', 'production'), entries };
    const now = [
      recordOf({ revision: 4 }),
      recordOf({ name: 'web', revision: 5 }),
      recordOf({ name: 'new', revision: 1 }),
    ];
    expect(rollbackPlanOf(ledger, now)).toEqual([
      { release: 'new', namespace: 'shop', from: 1, to: 0 },
      { release: 'web', namespace: 'shop', from: 5, to: 0 },
      { release: 'api', namespace: 'shop', from: 4, to: 2 },
    ]);
  });
});

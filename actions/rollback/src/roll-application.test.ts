import { describe, expect, it } from '@jest/globals';
import { fakeArgocd, type FakeArgocd } from '../../../toolkit/argocd/fake-argocd.ts';
import { fakeClock } from '../../../toolkit/clock/fake-clock.ts';
import type { FakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { rollApplication, type ApplicationRollback } from './roll-application.ts';

const silent = {
  info: () => undefined,
  notice: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  debug: () => undefined,
  raw: () => undefined,
  group: <T>(_: string, body: () => Promise<T>) => body(),
};

const application = (syncPolicy: unknown = {}, source?: object): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { syncPolicy, ...(source === undefined ? {} : { source }) },
  status: {
    history: [
      { id: 0, revision: 'good', source: { path: 'shop', repoURL: 'r' } },
      { id: 1, revision: 'bad', source: { path: 'shop', repoURL: 'r' } },
    ],
  },
});

const cluster = (initial: KubernetesObject, phase: string, health: string): FakeArgocd =>
  fakeArgocd(initial, { phase, seen: { health: { status: health } } });

const roll = (kubernetes: FakeKubernetes, more: Partial<ApplicationRollback> = {}): Promise<void> =>
  rollApplication({
    kubernetes,
    clock: fakeClock(5_000_000),
    log: silent,
    name: 'shop',
    namespace: 'argocd',
    revision: 1,
    reason: 'gate',
    pauseAutoSync: false,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...more,
  });

describe('rollApplication', () => {
  it('asks for the exact commit and source of that sync', async () => {
    const kubernetes = cluster(application(), 'Succeeded', 'Healthy');
    await roll(kubernetes);
    expect(kubernetes.asked).toMatchObject([
      { sync: { revision: 'good', source: { path: 'shop', repoURL: 'r' }, prune: false } },
    ]);
  });

  it('takes the commit of a bad deploy out of the spec, and leaves a branch there', async () => {
    const source = { path: 'shop', repoURL: 'r', targetRevision: 'bad' };
    const pinned = cluster(application({}, source), 'Succeeded', 'Healthy');
    await roll(pinned);
    const ref = { resource: 'applications.argoproj.io', name: 'shop', namespace: 'argocd' };
    expect((await pinned.get(ref))?.spec).toHaveProperty('source.targetRevision', 'good');
    const branch = cluster(application({}, { path: 'shop', repoURL: 'r' }), 'Succeeded', 'Healthy');
    await roll(branch);
    expect((await branch.get(ref))?.spec).not.toHaveProperty('source.targetRevision');
  });

  it('refuses an Application that syncs by itself, unless that may be switched off', async () => {
    const kubernetes = cluster(application({ automated: { prune: true } }), 'Succeeded', 'Healthy');
    await expect(roll(kubernetes)).rejects.toMatchObject({ code: 'E_CONFLICT' });
    expect(kubernetes.asked).toEqual([]);
    await roll(kubernetes, { pauseAutoSync: true });
    const after = await kubernetes.get({
      resource: 'applications.argoproj.io',
      name: 'shop',
      namespace: 'argocd',
    });
    expect(after?.spec).toEqual({ syncPolicy: {} });
  });

  it.each([
    ['a sync that fails', 'Failed', 'Healthy', /could not sync shop: no such path/],
    ['health that does not come', 'Succeeded', 'Degraded', /is Degraded/],
    ['a sync that does not end', 'Running', 'Progressing', /its sync running/],
  ])('stops at %s', async (_, phase, health, problem) => {
    const attempt = roll(cluster(application(), phase, health));
    await expect(attempt).rejects.toThrow(problem);
    await expect(attempt).rejects.toMatchObject({ code: 'E_ROLLBACK_UNHEALTHY' });
  });

  it('leaves an operation alone that Argo CD is at', async () => {
    const busy = { ...application({ automated: {} }), operation: { sync: { revision: 'other' } } };
    const kubernetes = fakeArgocd(busy, { phase: 'Running' });
    await expect(roll(kubernetes, { pauseAutoSync: true })).rejects.toMatchObject({ code: 'E_RELEASE_BUSY' });
    expect(kubernetes.writes).toEqual([]);
  });

  it('has no target when the sync is not in the history', async () => {
    await expect(roll(cluster(application(), 'Succeeded', 'Healthy'), { revision: 9 })).rejects.toMatchObject(
      {
        code: 'E_NO_TARGET',
      },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../clock/fake-clock.ts';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { applications, healthOf } from './application.ts';
import { fakeArgocd, type FakeArgocd } from './fake-argocd.ts';
import { runOperation, whenIdle, type Ending, type OperationRequest } from './run-operation.ts';

const ref = { resource: applications, name: 'shop', namespace: 'argocd' };
const shop = (more: object = {}): KubernetesObject => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'shop', namespace: 'argocd' },
  spec: { syncPolicy: { syncOptions: ['CreateNamespace=true'] } },
  status: { health: { status: 'Healthy' } },
  ...more,
});
const request = (kubernetes: FakeArgocd, signal = new AbortController().signal): OperationRequest => ({
  kubernetes,
  clock: fakeClock(5_000_000),
  name: 'shop',
  namespace: 'argocd',
  timeoutMs: 10_000,
  signal,
});
const run = (kubernetes: FakeArgocd, signal?: AbortSignal): Promise<Ending> =>
  runOperation(
    request(kubernetes, signal),
    shop(),
    {
      spec: { source: { targetRevision: 'a' } },
      info: { name: 'Run', value: 'url' },
      sync: { revision: 'a' },
    },
    (seen) => healthOf(seen) === 'Healthy',
  );
const operation = (username: string): object => ({ operation: { initiatedBy: { username }, sync: {} } });

describe('runOperation', () => {
  it('syncs with the options of the Application, and as part of the same write sets the spec', async () => {
    const argocd = fakeArgocd(shop(), { seen: { health: { status: 'Healthy' } } });
    expect(await run(argocd)).toMatchObject({ ended: 'over' });
    expect(argocd.asked).toMatchObject([{ sync: { revision: 'a', syncOptions: ['CreateNamespace=true'] } }]);
    expect(argocd.writes.filter((write) => write.startsWith('patch'))).toHaveLength(2);
    expect((await argocd.get(ref))?.spec).toHaveProperty('source.targetRevision', 'a');
  });

  it('does not believe the health of before the sync', async () => {
    const argocd = fakeArgocd(shop(), { seen: { health: { status: 'Degraded' } } });
    expect(await run(argocd)).toMatchObject({ ended: 'late', operation: 'succeeded' });
  });

  it('tells how it failed', async () => {
    const ending = await run(fakeArgocd(shop(), { phase: 'Failed' }));
    expect(ending).toEqual({ ended: 'failed', message: 'no such path' });
  });

  it.each(['time is up', 'it is cancelled'])('stops what Argo CD is at when %s', async (why) => {
    const stop = new AbortController();
    const argocd = fakeArgocd(shop(), { phase: 'Running' });
    const isCancelled = why === 'it is cancelled';
    if (isCancelled)
      argocd.beforeWrite = () => {
        stop.abort(new Error('cancelled'));
      };
    const ending = run(argocd, stop.signal);
    if (isCancelled) await expect(ending).rejects.toThrow('cancelled');
    else expect(await ending).toMatchObject({ ended: 'late', operation: 'running' });
    await argocd.get(ref);
    expect(await argocd.get(ref)).not.toHaveProperty('operation');
  });
});

describe('whenIdle', () => {
  it('ends what a dead run left, also when Argo CD has not taken it up', async () => {
    const left = shop(operation('gated-delivery'));
    expect(await whenIdle(request(fakeArgocd(left, { phase: 'Running' })))).not.toHaveProperty('operation');
  });

  it("waits for somebody else's, and gives up with a code", async () => {
    const theirs = shop(operation('admin'));
    expect(await whenIdle(request(fakeArgocd(theirs)))).not.toHaveProperty('operation');
    const busy = fakeArgocd(theirs, { phase: 'Running' });
    await expect(whenIdle(request(busy))).rejects.toMatchObject({ code: 'E_RELEASE_BUSY' });
    expect(busy.writes).toEqual([]);
  });
});

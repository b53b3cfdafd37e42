import { describe, expect, it } from '@jest/globals';
import { applicationHistory, applications, syncHistory } from '../toolkit/argocd/application.ts';
import type { KubernetesObject } from '../toolkit/kubernetes/kubernetes.ts';
import type { LedgerRelease, Phase } from '../toolkit/ledger/ledger.ts';
import { repository, useArgocd } from './support/argocd-site.ts';
import { entryOf, withDelivery, type Delivery } from './support/delivery.ts';
import { eventually } from './support/eventually.ts';
import { configMap } from './support/manifests.ts';

useArgocd();

const name = 'shop';
const ref = { resource: applications, name, namespace: 'argocd' };
const read = async (shop: Delivery): Promise<KubernetesObject> => {
  const found = await shop.kubernetes.get(ref);
  if (found === undefined) throw new Error('no Application');
  return found;
};
const valueOf = async (shop: Delivery): Promise<unknown> =>
  ((await shop.get('configmaps', 'settings'))?.data as { value?: string } | undefined)?.value;

async function sync(shop: Delivery, revision: string): Promise<void> {
  const count = syncHistory(await read(shop)).length;
  await shop.kubernetes.patch(ref, { operation: { sync: { revision } } }, { type: 'merge' });
  await eventually(async () => syncHistory(await read(shop)).length > count);
}

async function note(shop: Delivery, sha: string, phase: Phase): Promise<void> {
  const history = applicationHistory(await read(shop));
  const current = history.at(-1);
  if (current === undefined) throw new Error('never synced');
  const release: LedgerRelease = {
    name,
    namespace: 'argocd',
    kind: 'argocd',
    chart: current.chart,
    chartVersion: current.chartVersion,
    revision: current.revision,
    previousRevision: history.at(-2)?.revision ?? 0,
    manifestSha256: current.manifestSha256,
    valuesSha256: '',
    images: [],
    workloads: [],
    phase,
    needs: [],
  };
  await shop.note(entryOf(sha, phase, [release]));
}

describe('an Argo CD Application', () => {
  it(
    'goes back by its own history, and only with its automated sync paused',
    () =>
      withDelivery('argocd', 4, async (shop) => {
        const source = repository();
        const good = source.commit(configMap('settings', '1'));
        await shop.kubernetes.create({
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
          metadata: { name, namespace: 'argocd' },
          spec: {
            project: 'default',
            source: { repoURL: source.url, path: '.', targetRevision: 'main' },
            destination: { name: 'rig', namespace: shop.namespace },
          },
        });
        await sync(shop, good);
        await note(shop, good, 'verified');
        const bad = source.commit(configMap('settings', '2'));
        await sync(shop, bad);
        await note(shop, bad, 'failed');
        expect(await valueOf(shop)).toBe('2');

        const result = await shop.rollback();
        expect(result.errors).toEqual([]);
        expect(await valueOf(shop)).toBe('1');
        expect(syncHistory(await read(shop)).map(({ revisions }) => revisions[0])).toEqual([good, bad, good]);
        const again = await shop.rollback();
        expect(again.outputs).toMatchObject({ 'rolled-back': 'false', done: '[]' });

        // Automated sync goes forward to the head of the branch again.
        await shop.kubernetes.patch(ref, { spec: { syncPolicy: { automated: {} } } }, { type: 'merge' });
        const refresh = { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } } };
        await shop.kubernetes.patch(ref, refresh, { type: 'merge' });
        await eventually(async () => (await valueOf(shop)) === '2');
        const refused = await shop.rollback();
        expect(refused.errors.join()).toMatch(/E_CONFLICT: Application shop syncs by itself/);
        expect(await valueOf(shop)).toBe('2');

        const paused = await shop.rollback({ 'pause-auto-sync': 'true' });
        expect(paused.errors).toEqual([]);
        expect(await valueOf(shop)).toBe('1');
        expect((await read(shop)).spec).not.toHaveProperty('syncPolicy.automated');
        await shop.kubernetes.delete(ref);
        source.remove();
      }),
    300_000,
  );
});

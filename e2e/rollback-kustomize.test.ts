import { describe, expect, it } from '@jest/globals';
import type { ReleaseRevision } from '../toolkit/helm/helm.ts';
import { applyBundle, bundleText } from '../toolkit/kustomize/apply-bundle.ts';
import { bundleHistory, saveBundle, setBundleStatus } from '../toolkit/kustomize/bundle-store.ts';
import { withInventory } from '../toolkit/kustomize/inventory.ts';
import { parseManifests } from '../toolkit/manifests/parse-manifests.ts';
import type { Phase } from '../toolkit/ledger/ledger.ts';
import { entryOf, recordOf, withDelivery, type Delivery } from './support/delivery.ts';
import { claim, configMap, deployment, manifests } from './support/manifests.ts';

const current = async (shop: Delivery): Promise<ReleaseRevision | undefined> =>
  (await bundleHistory(shop.kubernetes, shop.namespace, 'overlay')).at(-1);

async function deployBundle(shop: Delivery, sha: string, phase: Phase, manifest: string): Promise<void> {
  const { kubernetes, namespace } = shop;
  const before = await current(shop);
  const objects = withInventory(parseManifests(manifest), { name: 'overlay', namespace });
  const text = bundleText(objects);
  const saved = await saveBundle(kubernetes, {
    name: 'overlay',
    namespace,
    manifest: text,
    description: 'test',
    overlay: 'overlay',
    now: new Date().toISOString(),
  });
  const previous = parseManifests(before?.manifest ?? '');
  const inventory = { name: 'overlay', namespace };
  await applyBundle(kubernetes, { ...inventory, objects, previous, force: false, adopts: false });
  await setBundleStatus(kubernetes, saved, 'deployed');
  const record = recordOf({ name: 'overlay' }, namespace, before, saved, phase);
  await shop.note(entryOf(sha.repeat(40), phase, [{ ...record, kind: 'kustomize' }]));
}

describe('a kustomize overlay', () => {
  it('goes back to its verified bundle, and what came since is removed unless it holds data', () =>
    withDelivery('overlay', 4, async (shop) => {
      await deployBundle(
        shop,
        'a',
        'verified',
        manifests(configMap('settings', '1'), deployment('app', 'shop/app:1')),
      );
      const good = await current(shop);
      await deployBundle(
        shop,
        'b',
        'failed',
        manifests(
          configMap('settings', '2'),
          configMap('extra', '2'),
          deployment('app', 'shop/app:2'),
          claim('data'),
        ),
      );
      expect(await shop.get('configmaps', 'extra')).toBeDefined();

      const refused = await shop.rollback();
      expect(refused.errors.join()).toMatch(
        /E_DATA_LOSS: overlay: PersistentVolumeClaim\/data would be deleted/,
      );
      expect((await current(shop))?.revision).toBe(2);
      const uid = (await shop.get('persistentvolumeclaims', 'data'))?.metadata.uid;
      await shop.kubernetes.patch(
        { resource: 'persistentvolumeclaims', name: 'data', namespace: shop.namespace },
        { metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } },
        { type: 'merge' },
      );

      const result = await shop.rollback();
      expect(result.errors).toEqual([]);
      expect(await current(shop)).toMatchObject({
        revision: 3,
        status: 'deployed',
        manifestSha256: good?.manifestSha256,
      });
      expect((await shop.get('configmaps', 'settings'))?.data).toEqual({ value: '1' });
      expect(await shop.get('configmaps', 'extra')).toBeUndefined();
      expect((await shop.get('persistentvolumeclaims', 'data'))?.metadata.uid).toBe(uid);

      const again = await shop.rollback();
      expect(again.errors).toEqual([]);
      expect((await current(shop))?.revision).toBe(3);
    }));
});

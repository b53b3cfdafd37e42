import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { claim, deployment, imageOf, manifests, statefulSet } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const app = (version: string, ...more: string[]): { name: string; manifest: string } => ({
  name: 'app',
  manifest: manifests(deployment('app', `shop/app:${version}`), ...more),
});

const uidOf = async (shop: Delivery, name: string): Promise<string | undefined> =>
  (await shop.get('persistentvolumeclaims', name))?.metadata.uid;

/** Old and new image of each engine. */
const engines: Readonly<Record<string, readonly [string, string]>> = {
  mongodb: ['mongo:7.0.4', 'mongo:8.0.1'],
  redis: ['redis:7.2.0', 'redis:8.0.0'],
  rabbitmq: ['rabbitmq:3.13-management', 'rabbitmq:4.0-management'],
};
const names = Object.keys(engines);

describe.each<HelmMajor>([3, 4])('data and rollbacks with helm %i', (major) => {
  it.concurrent('refuses a StatefulSet whose claim templates differ, before anything changes', () =>
    withDelivery('sts', major, async (shop) => {
      await shop.deploy(good, [{ name: 'db', manifest: statefulSet('db', 'queue:1') }], 'verified');
      await shop.kubernetes.delete({ resource: 'statefulsets.apps', name: 'db', namespace: shop.namespace });
      const larger = statefulSet('db', 'queue:1', { storage: '2Gi' });
      await shop.deploy(bad, [{ name: 'db', manifest: larger }], 'failed');
      const before = await shop.get('statefulsets.apps', 'db');

      const result = await shop.rollback();
      expect(result.errors.join()).toMatch(
        /E_STS_IMMUTABLE: db: spec\.volumeClaimTemplates of StatefulSet\/db/,
      );
      expect((await shop.current('db')).revision).toBe(2);
      expect((await shop.get('statefulsets.apps', 'db'))?.metadata.generation).toBe(
        before?.metadata.generation,
      );
    }),
  );

  it.concurrent('does not delete a claim that came with the bad version, and goes back once it is kept', () =>
    withDelivery('claim', major, async (shop) => {
      await shop.deploy(good, [app('1')], 'verified');
      const kept = claim('kept', '{helm.sh/resource-policy: keep}');
      await shop.deploy(bad, [app('2', claim('uploads'), kept)], 'failed');
      const uids = [await uidOf(shop, 'uploads'), await uidOf(shop, 'kept')];
      expect(uids).not.toContain(undefined);

      const refused = await shop.rollback();
      expect(refused.errors.join()).toMatch(
        /E_DATA_LOSS: app: PersistentVolumeClaim\/uploads would be deleted/,
      );
      expect(refused.errors.join()).not.toContain('PersistentVolumeClaim/kept');
      expect((await shop.current('app')).revision).toBe(2);

      // The very command that the error names.
      await shop.kubernetes.patch(
        { resource: 'persistentvolumeclaims', name: 'uploads', namespace: shop.namespace },
        { metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } },
        { type: 'merge' },
      );
      const result = await shop.rollback();
      expect(result.errors).toEqual([]);
      expect([await uidOf(shop, 'uploads'), await uidOf(shop, 'kept')]).toEqual(uids);
      expect(imageOf(await shop.get('deployments.apps', 'app'))).toBe('shop/app:1');
    }),
  );

  it.concurrent('holds MongoDB, Redis and RabbitMQ back and takes the application', () =>
    withDelivery('engines', major, async (shop) => {
      const databases = (which: 0 | 1): { name: string; manifest: string }[] =>
        names.map((name) => ({ name, manifest: statefulSet(name, engines[name]?.[which] ?? '') }));
      const images = async (): Promise<unknown[]> =>
        Promise.all(names.map(async (name) => imageOf(await shop.get('statefulsets.apps', name))));
      const uids = async (): Promise<unknown[]> =>
        Promise.all(names.map((name) => uidOf(shop, `data-${name}-0`)));
      const fresh = names.map((name) => engines[name]?.[1]);
      await shop.deploy(good, [...databases(0), { ...app('1'), needs: names }], 'verified');
      await shop.deploy(bad, [...databases(1), { ...app('2'), needs: names }], 'failed');
      const before = await uids();
      expect(before).not.toContain(undefined);

      const result = await shop.rollback();
      expect(result.code).toBe(1);
      expect(result.errors.join()).toMatch(/E_STATEFUL_DOWNGRADE: rolled back: app; held back: rabbitmq/);
      expect(result.outputs).toMatchObject({ done: '["app"]', left: JSON.stringify(names.toReversed()) });
      expect(imageOf(await shop.get('deployments.apps', 'app'))).toBe('shop/app:1');
      expect(await images()).toEqual(fresh);
      expect(await uids()).toEqual(before);

      const alone = await shop.rollback({ release: 'mongodb' });
      expect(alone.errors.join()).toContain('E_STATEFUL_DOWNGRADE');
      expect(await images()).toEqual(fresh);

      const allowed = await shop.rollback({ release: 'mongodb', 'allow-stateful': 'mongodb' });
      expect(allowed.errors).toEqual([]);
      expect(await images()).toEqual(['mongo:7.0.4', ...fresh.slice(1)]);
      expect(await uids()).toEqual(before);
    }),
  );
});

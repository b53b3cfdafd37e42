import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, manifests, statefulSet } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

const imageOf = async (shop: Delivery, resource: string, name: string): Promise<string | undefined> => {
  const spec = (await shop.get(resource, name))?.spec as {
    template: { spec: { containers: { image: string }[] } };
  };
  return spec.template.spec.containers[0]?.image;
};

const release = (version: string, redis: string): { name: string; manifest: string } => ({
  name: 'shop',
  manifest: manifests(
    configMap('settings', version),
    deployment('api', `shop/api:${version}`),
    statefulSet('worker', `shop/worker:${version}`, { claim: false }),
    statefulSet('redis', redis),
  ),
});

describe.each<HelmMajor>([3, 4])('mode workloads with helm %i', (major) => {
  it.concurrent('takes pods back, leaves data and everything else, and is at rest when run again', () =>
    withDelivery('workloads', major, async (shop) => {
      await shop.deploy(good, [release('1', 'redis:7.2.0')], 'verified');
      await shop.deploy(bad, [release('2', 'redis:8.0.0')], 'failed');

      // Helm would take the engine back too.
      const refused = await shop.rollback();
      expect(refused.errors.join()).toContain('E_STATEFUL_DOWNGRADE');

      const result = await shop.rollback({ mode: 'workloads' });
      expect(result.errors).toEqual([]);
      expect(await imageOf(shop, 'deployments.apps', 'api')).toBe('shop/api:1');
      expect(await imageOf(shop, 'statefulsets.apps', 'worker')).toBe('shop/worker:1');
      expect(await imageOf(shop, 'statefulsets.apps', 'redis')).toBe('redis:8.0.0');
      const settings = (await shop.get('configmaps', 'settings'))?.data as { value: string };
      expect(settings.value).toBe('2');
      expect((await shop.current('shop')).revision).toBe(2);
      const ledger = await shop.ledger();
      expect(ledger.entries.at(-1)?.releases).toMatchObject([{ phase: 'rolled-back', drifted: true }]);
      expect(ledger.bad.map(({ gitSha }) => gitSha)).toEqual([bad]);

      // `kubectl rollout undo` without a revision would bring the bad pods back now.
      const generation = (await shop.get('deployments.apps', 'api'))?.metadata.generation;
      const again = await shop.rollback({ mode: 'workloads' });
      expect(again.errors).toEqual([]);
      expect((await shop.get('deployments.apps', 'api'))?.metadata.generation).toBe(generation);

      // Afterwards the whole release can still go back, drifted as it is.
      const whole = await shop.rollback({ 'allow-stateful': 'shop' });
      expect(whole.errors).toEqual([]);
      expect(await imageOf(shop, 'statefulsets.apps', 'redis')).toBe('redis:7.2.0');
      expect((await shop.current('shop')).revision).toBe(3);

      // No field is owned by kubectl now, at which Helm's next server-side apply would stop.
      await shop.deploy('c'.repeat(40), [release('3', 'redis:8.0.0')], 'failed');
      expect(await imageOf(shop, 'deployments.apps', 'api')).toBe('shop/api:3');
    }),
  );
});

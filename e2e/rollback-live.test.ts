import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import { eventually } from './support/eventually.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { autoscaler, deployment, manifests, service, statefulSet } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

interface PodTemplate {
  readonly replicas?: number;
  readonly type?: string;
  readonly template: { readonly spec: { readonly containers: readonly { name: string; image: string }[] } };
}
const specOf = async (shop: Delivery, resource: string, name: string): Promise<PodTemplate> =>
  (await shop.get(resource, name))?.spec as PodTemplate;
const containersOf = async (shop: Delivery, resource = 'deployments.apps', name = 'app'): Promise<string[]> =>
  (await specOf(shop, resource, name)).template.spec.containers.map((item) => `${item.name} ${item.image}`);

const app = (...documents: string[]): { name: string; manifest: string } => ({
  name: 'app',
  manifest: manifests(...documents),
});

describe.each<HelmMajor>([3, 4])('live objects after a rollback with helm %i', (major) => {
  it.concurrent('has no container that a failed upgrade added', () =>
    withDelivery('sidecar', major, async (shop) => {
      const clientSide = true;
      await shop.deploy(good, [app(deployment('app', 'shop/app:1'))], 'verified', { clientSide });
      const before = await specOf(shop, 'deployments.apps', 'app');
      const failing = { wait: '2s', tolerate: true, clientSide };
      const heavy = deployment('app', 'shop/app:2', { sidecars: ['proxy'], stuck: true });
      await shop.deploy(bad, [app(heavy)], 'failed', failing);
      const light = deployment('app', 'shop/app:3', { sidecars: ['agent'] });
      await shop.deploy(bad, [app(light)], 'failed', { clientSide });
      // The upgrade after the failed one compares with the last one that did not fail, and so knows nothing of the proxy.
      expect((await containersOf(shop)).sort()).toEqual(['agent agent:1', 'app shop/app:3', 'proxy proxy:1']);

      const result = await shop.rollback();
      expect(result.errors).toEqual([]);
      expect(await specOf(shop, 'deployments.apps', 'app')).toEqual(before);
    }),
  );

  it.concurrent('keeps the number of replicas that an autoscaler has chosen', () =>
    withDelivery('hpa', major, async (shop) => {
      const scaled = (version: string): { name: string; manifest: string } => {
        // A chart with an autoscaler leaves replicas out.
        const workload = deployment('app', `shop/app:${version}`).replace('  replicas: 1\n', '');
        return app(workload, autoscaler('app', 3, 5));
      };
      await shop.deploy(good, [scaled('1')], 'verified');
      await eventually(async () => (await specOf(shop, 'deployments.apps', 'app')).replicas === 3);
      await shop.deploy(bad, [scaled('2')], 'failed');
      expect((await specOf(shop, 'deployments.apps', 'app')).replicas).toBe(3);

      const result = await shop.rollback();
      expect(result.errors).toEqual([]);
      expect(await containersOf(shop)).toEqual(['app shop/app:1']);
      expect((await specOf(shop, 'deployments.apps', 'app')).replicas).toBe(3);
    }),
  );

  it.concurrent('flips the type of a Service back', () =>
    withDelivery('service', major, async (shop) => {
      await shop.deploy(
        good,
        [app(deployment('app', 'shop/app:1'), service('app', 'ClusterIP'))],
        'verified',
      );
      await shop.deploy(bad, [app(deployment('app', 'shop/app:2'), service('app', 'NodePort'))], 'failed');
      expect((await specOf(shop, 'services', 'app')).type).toBe('NodePort');
      const result = await shop.rollback();
      expect(result.errors).toEqual([]);
      expect((await specOf(shop, 'services', 'app')).type).toBe('ClusterIP');
    }),
  );

  it.concurrent('names the pod that blocks a StatefulSet, and deletes exactly that one when allowed', () =>
    withDelivery('ordered', major, async (shop) => {
      const queue = (image: string, stuck = false): { name: string; manifest: string } =>
        app(statefulSet('worker', image, { stuck, claim: false }));
      await shop.deploy(good, [queue('shop/worker:1')], 'verified', { wait: '60s' });
      const first = (await shop.get('pods', 'worker-0'))?.metadata.uid;
      await shop.deploy(bad, [queue('shop/worker:2', true)], 'failed');
      await eventually(async () => {
        const uid = (await shop.get('pods', 'worker-0'))?.metadata.uid;
        return uid !== undefined && uid !== first;
      });
      const blocked = (await shop.get('pods', 'worker-0'))?.metadata.uid;

      const refused = await shop.rollback();
      expect(refused.errors.join()).toMatch(
        /E_ROLLBACK_UNHEALTHY: pod worker-0 of the given-up version is not ready/,
      );
      expect((await shop.get('pods', 'worker-0'))?.metadata.uid).toBe(blocked);

      const allowed = await shop.rollback({ 'allow-pod-delete': 'true' });
      expect(allowed.errors).toEqual([]);
      expect(await containersOf(shop, 'statefulsets.apps', 'worker')).toEqual(['db shop/worker:1']);
      expect((await shop.get('pods', 'worker-0'))?.metadata.uid).not.toBe(blocked);
    }),
  );
});

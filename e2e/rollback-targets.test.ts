import { describe, expect, it } from '@jest/globals';
import { withDelivery, type DeployedRelease, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { eventually } from './support/eventually.ts';
import { configMap, deployment, manifests, service } from './support/manifests.ts';

const sha = (letter: string): string => letter.repeat(40);
const api = (version: string, stuck = false): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(deployment('api', `shop/api:${version}`, { stuck })),
});
const failing = { wait: '2s', tolerate: true } as const;

const imageOf = async (shop: Delivery): Promise<unknown> => {
  const object = await shop.get('deployments.apps', 'api');
  return (object?.spec as { template: { spec: { containers: { image: string }[] } } }).template.spec
    .containers[0]?.image;
};

describe.each<HelmMajor>([3, 4])('where helm %i goes back to', (major) => {
  it.concurrent('passes over failed revisions', () =>
    withDelivery('failed', major, async (shop) => {
      await shop.deploy(sha('a'), [api('1')], 'verified');
      await shop.deploy(sha('b'), [api('2', true)], 'failed', failing);
      await shop.deploy(sha('c'), [api('3', true)], 'failed', failing);
      await shop.deploy(sha('d'), [api('4')], 'deployed');
      const statuses = (await shop.helm.history('api', shop.namespace)).map(({ status }) => status);
      expect(statuses).toEqual(['superseded', 'failed', 'failed', 'deployed']);

      const result = await shop.rollback();
      expect(result.errors).toEqual([]);
      expect(await imageOf(shop)).toBe('shop/api:1');
      expect((await shop.ledger()).bad.map(({ gitSha }) => gitSha)).toEqual([sha('d')]);
    }),
  );

  it.concurrent(
    'goes to the verified one after a rollback that failed and marked the bad one superseded',
    () =>
      withDelivery('superseded', major, async (shop) => {
        const withService = {
          name: 'api',
          manifest: manifests(service('api', 'ClusterIP'), api('1').manifest),
        };
        await shop.deploy(sha('a'), [withService], 'verified');
        await shop.deploy(sha('b'), [api('2')], 'failed');
        // The server refuses the Service that the verified version needs: a bare rollback fails and leaves this history.
        const quota = {
          apiVersion: 'v1',
          kind: 'ResourceQuota',
          metadata: { name: 'none', namespace: shop.namespace },
        };
        await shop.kubernetes.create({ ...quota, spec: { hard: { 'count/services': '0' } } });
        await eventually(async () => (await shop.get('resourcequotas', 'none'))?.status !== undefined);
        await expect(shop.runHelm('rollback', 'api', '1')).rejects.toThrow(/exceeded quota/);
        const statuses = (await shop.helm.history('api', shop.namespace)).map(({ status }) => status);
        expect(statuses).toEqual(['superseded', 'superseded', 'failed']);
        await shop.kubernetes.delete({ resource: 'resourcequotas', name: 'none', namespace: shop.namespace });

        const result = await shop.rollback();
        expect(result.errors).toEqual([]);
        expect(result.outputs.target).toContain('"revision":1');
        expect(await imageOf(shop)).toBe('shop/api:1');
        expect(await shop.get('services', 'api')).toBeDefined();
      }),
  );

  it.concurrent('has no target when the verified revision is pruned, says so, and changes nothing', () =>
    withDelivery('pruned', major, async (shop) => {
      const settings = (value: string): DeployedRelease => ({
        name: 'api',
        manifest: configMap('settings', value),
      });
      const kept = { historyMax: 10 };
      await shop.deploy(sha('a'), [settings('1')], 'verified', kept);
      for (let version = 2; version <= 11; version += 1)
        await shop.deploy(String(version).repeat(40), [settings(String(version))], 'failed', kept);
      const revisions = (await shop.helm.history('api', shop.namespace)).map(({ revision }) => revision);
      expect(revisions).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
      const live = async (): Promise<unknown> => (await shop.get('configmaps', 'settings'))?.data;

      const result = await shop.rollback();
      expect(result.code).toBe(1);
      expect(result.errors.join()).toMatch(
        /E_NO_TARGET: revision 1 of api was verified, but its Secret is gone.*would have gone to revision 10/s,
      );
      expect(result.outputs).toMatchObject({ 'rolled-back': 'false', done: '[]' });
      expect((await shop.current('api')).revision).toBe(11);
      expect(await live()).toEqual({ value: '11' });
      expect((await shop.ledger()).bad).toEqual([]);

      const allowed = await shop.rollback({ 'allow-unverified': 'true' });
      // All stored revisions are recorded as failed: allowed or not, there is nowhere to go.
      expect(allowed.errors.join()).toContain('E_NO_TARGET');
      const named = await shop.rollback({ release: 'api', revision: '5', 'allow-unverified': 'true' });
      expect(named.errors).toEqual([]);
      expect(await live()).toEqual({ value: '5' });
    }),
  );
});

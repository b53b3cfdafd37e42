import { describe, expect, it } from '@jest/globals';
import { withDelivery } from './support/delivery.ts';
import { kubeconfigOf } from './support/deploy-situations.ts';
import { configMap, deployment, imageOf, manifests } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

const all = { verbs: ['*'] };
const leases = { ...all, apiGroups: ['coordination.k8s.io'], resources: ['leases'] };
const own = { ...all, apiGroups: [''], resources: ['secrets', 'configmaps', 'pods'] };
const reading = { verbs: ['get', 'list'], apiGroups: ['apps'], resources: ['deployments'] };

describe('a rollback that lacks a verb', () => {
  it.concurrent.each([
    ['to keep releases', [leases], /may not .*list secrets/],
    ['to change a Deployment', [leases, own, reading], /may not patch deployments\.apps/],
  ])('%s is refused before anything changes', (_, rules, says) =>
    withDelivery('rbac', 4, async (shop) => {
      await shop.deploy(good, [api('good')], 'verified');
      await shop.deploy(bad, [api('bad')], 'failed');
      const before = await shop.ledger();
      const kubeconfig = await kubeconfigOf(shop, rules);
      for (const dryRun of ['true', 'false']) {
        const refused = await shop.rollback({ kubeconfig, 'dry-run': dryRun });
        expect(refused.errors.join()).toMatch(/^E_RBAC: /);
        expect(refused.errors.join()).toMatch(says);
        expect(refused.errors.join()).toContain('kubectl auth can-i');
      }
      expect((await shop.current('api')).revision).toBe(2);
      expect(imageOf(await shop.get('deployments.apps', 'api'))).toBe('shop/api:bad');
      expect(await shop.ledger()).toEqual(before);
      expect(await shop.lockHolder()).toBeUndefined();
      expect((await shop.rollback()).errors).toEqual([]);
    }),
  );
});

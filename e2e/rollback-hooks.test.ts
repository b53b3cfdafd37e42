import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, hookJob, manifests } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const app = (version: string, ...hooks: string[]): { name: string; manifest: string } => ({
  name: 'app',
  manifest: manifests(deployment('app', `shop/app:${version}`), configMap('settings', version), ...hooks),
});

const setting = async (shop: Delivery): Promise<unknown> =>
  ((await shop.get('configmaps', 'settings'))?.data as { value?: string } | undefined)?.value;

describe.each<HelmMajor>([3, 4])('hooks and rollbacks with helm %i', (major) => {
  it.concurrent('refuses to go back over a migration, unless it is declared compatible', () =>
    withDelivery('migration', major, async (shop) => {
      await shop.deploy(good, [app('1')], 'verified');
      await shop.deploy(bad, [app('2', hookJob('migrate', 'pre-upgrade'))], 'failed');

      const refused = await shop.rollback();
      expect(refused.errors.join()).toMatch(/E_MIGRATION: app: revision 2 ran the hook Job\/migrate/);
      expect((await shop.current('app')).revision).toBe(2);
      expect(await setting(shop)).toBe('2');

      const allowed = await shop.rollback({ migrations: 'backward-compatible' });
      expect(allowed.errors).toEqual([]);
      expect(await setting(shop)).toBe('1');
    }),
  );

  it.concurrent('unsticks a release whose rollback hook failed, and goes on when it is run again', () =>
    withDelivery('hook', major, async (shop) => {
      await shop.deploy(good, [app('1', hookJob('check', 'pre-rollback', { fails: true }))], 'verified');
      await shop.deploy(bad, [app('2')], 'failed');

      const failed = await shop.rollback();
      expect(failed.code).toBe(1);
      expect(failed.errors.join()).toContain('E_ROLLBACK_HOOK');
      expect(failed.outputs).toMatchObject({ 'rolled-back': 'false', done: '[]', left: '["app"]' });
      expect((await shop.current('app')).status).toBe('failed');
      expect(await setting(shop)).toBe('2');
      const [plan] = (await shop.ledger()).plans;
      expect(plan).toMatchObject({ state: 'open', steps: [{ release: 'app', state: 'failed' }] });

      // The hook asks for a node with a label; with such a node it is done at once.
      await shop.withNode(async () => {
        const again = await shop.rollback();
        expect(again.log).toContain(`going on with the plan ${plan?.id ?? '?'}`);
        expect(again.errors).toEqual([]);
      });
      expect(await setting(shop)).toBe('1');
      const ledger = await shop.ledger();
      expect(ledger.plans).toMatchObject([{ id: plan?.id, state: 'done', createdAt: plan?.createdAt }]);
      expect(ledger.bad.map(({ gitSha }) => gitSha)).toEqual([bad]);
    }),
  );
});

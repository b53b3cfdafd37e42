import { describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { withDelivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, hookJob, manifests } from './support/manifests.ts';
import { rig } from './support/rig.ts';
import { runBundle } from './support/run-bundle.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

const app = (version: string, ...more: string[]): { name: string; manifest: string } => ({
  name: 'app',
  manifest: manifests(configMap('settings', version), ...more),
});

describe.each<HelmMajor>([3, 4])('a cancelled rollback with helm %i', (major) => {
  it.concurrent('is out soon, leaves nothing pending and no lock, and the next run finishes it', () =>
    withDelivery('cancel', major, async (shop) => {
      // The target's pod finds no node, so its health is waited for; its hook would keep Helm busy just as long.
      const stuck = deployment('app', 'shop/app:1', { stuck: true });
      await shop.deploy(
        good,
        [app('1', stuck, hookJob('check', 'post-rollback', { fails: true }))],
        'verified',
      );
      await shop.deploy(bad, [app('2', deployment('app', 'shop/app:2'))], 'failed');

      let interrupted = 0;
      const result = await shop.rollback(
        { timeout: '60s' },
        {
          onStart: (child) => {
            const timer = setInterval(() => {
              void shop.current('app').then(({ revision }) => {
                if (revision < 3 || interrupted > 0) return;
                interrupted = Date.now();
                child.kill('SIGINT');
              });
            }, 300);
            child.once('close', () => {
              clearInterval(timer);
            });
          },
        },
      );
      expect(result.code).toBe(1);
      expect(result.errors.join()).toContain('E_CANCELLED');
      // The runner kills what is still there 10 s after the cancellation.
      expect(Date.now() - interrupted).toBeLessThan(10_000);
      expect((await shop.current('app')).status).not.toMatch(/^pending/);
      expect(await shop.lockHolder()).toBeUndefined();

      await shop.withNode(async () => {
        const next = await shop.rollback();
        expect(next.errors).toEqual([]);
      });
      expect(await shop.current('app')).toMatchObject({ status: 'deployed' });
      expect((await shop.ledger()).plans).toMatchObject([{ state: 'done' }]);
    }),
  );

  it.concurrent('frees its lock and removes its kubeconfig in the post step when it was killed', () =>
    withDelivery('post', major, async (shop) => {
      await shop.deploy(good, [app('1')], 'verified');
      await shop.deploy(bad, [app('2')], 'failed');
      const kubeconfig = readFileSync(rig().kubeconfig, 'utf8');
      const killed = await shop.rollback(
        { kubeconfig },
        { env: { GATED_DELIVERY_DIE_AT: 'planned', TMPDIR: '/tmp' } },
      );
      expect(killed.signal).toBe('SIGKILL');
      expect(await shop.lockHolder()).toBe('example/shop/1001/1/test');
      expect(killed.log).not.toContain('token:');

      const { KUBECONFIG: _, ...withoutCluster } = shop.env;
      const post = await runBundle({
        action: 'rollback',
        inputs: {},
        // The private folder went with the temporary folder of the first process here, as after a lost runner.
        state: { ...killed.state, kubeconfig: rig().kubeconfig },
        env: withoutCluster,
      });
      expect(post.code).toBe(0);
      expect(await shop.lockHolder()).toBeUndefined();
      expect(existsSync(killed.state.folder ?? '/')).toBe(false);
    }),
  );
});

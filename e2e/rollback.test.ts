import { describe, expect, it } from '@jest/globals';
import { withDelivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, imageOf, manifests } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

describe.each<HelmMajor>([3, 4])('rollback with helm %i', (major) => {
  it.concurrent(
    'goes from a bad release to the exact manifest of the good one, and stays there when run again',
    () =>
      withDelivery('twice', major, async (shop) => {
        await shop.deploy(good, [api('1')], 'verified');
        const before = await shop.current('api');
        await shop.deploy(bad, [api('2')], 'failed');

        const first = await shop.rollback({ reason: 'errors at checkout' });
        expect(first.errors).toEqual([]);
        expect(first.code).toBe(0);
        expect(first.outputs).toMatchObject({ 'rolled-back': 'true', done: '["api"]', left: '[]' });
        expect(JSON.parse(first.outputs.target ?? '')).toMatchObject([
          { release: 'api', revision: 1, manifestSha256: before.manifestSha256, gitSha: good },
        ]);
        const after = await shop.current('api');
        expect(after).toMatchObject({
          revision: 3,
          status: 'deployed',
          manifestSha256: before.manifestSha256,
        });
        expect(imageOf(await shop.get('deployments.apps', 'api'))).toBe('shop/api:1');
        const ledger = await shop.ledger();
        expect(ledger.bad).toMatchObject([{ gitSha: bad, reason: 'errors at checkout' }]);
        expect(ledger.plans).toMatchObject([{ state: 'done', steps: [{ release: 'api', state: 'done' }] }]);

        const second = await shop.rollback();
        expect(second.code).toBe(0);
        expect(second.outputs).toMatchObject({ 'rolled-back': 'false', done: '[]' });
        expect((await shop.current('api')).revision).toBe(3);

        // Beside it: what Helm itself does when asked a second time.
        await shop.runHelm('rollback', 'api');
        expect(imageOf(await shop.get('deployments.apps', 'api'))).toBe('shop/api:2');
      }),
  );
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { boundaries } from '../actions/rollback/src/boundary.ts';
import { startDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, manifests } from './support/manifests.ts';

let shop: Delivery;
afterEach(async () => {
  await shop.stop();
});

const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

const valueOf = async (): Promise<string | undefined> =>
  ((await shop.get('configmaps', 'settings'))?.data as { value?: string } | undefined)?.value;

describe.each<HelmMajor>([3, 4])('a rollback with helm %i that is killed', (major) => {
  it('is finished by the next run, wherever it died', async () => {
    shop = await startDelivery('crash', major);
    await shop.deploy('a'.repeat(40), [api('good')], 'verified');
    const { manifestSha256 } = await shop.current('api');
    for (const [index, boundary] of boundaries.entries()) {
      const sha = String(index).repeat(40);
      await shop.deploy(sha, [api(`bad-${index}`)], 'failed');
      // Each deploy is a run of its own: one run goes back by itself at most once.
      const env = { GITHUB_RUN_ID: String(2_000 + index) };
      const killed = await shop.rollback({}, { env: { ...env, GATED_DELIVERY_DIE_AT: boundary } });
      expect([boundary, killed.signal]).toEqual([boundary, 'SIGKILL']);

      const second = await shop.rollback({}, { env });
      expect([boundary, second.errors]).toEqual([boundary, []]);
      expect([boundary, await valueOf()]).toEqual([boundary, 'good']);
      expect(await shop.current('api')).toMatchObject({ status: 'deployed', manifestSha256 });
      const ledger = await shop.ledger();
      expect([boundary, ledger.plans.map(({ state }) => state)]).toEqual([
        boundary,
        boundaries.slice(0, index + 1).map(() => 'done'),
      ]);
      expect(ledger.bad.map(({ gitSha }) => gitSha)).toContain(sha);
      expect(ledger.entries.at(-1)).toMatchObject({ phase: 'verified', gitSha: 'a'.repeat(40) });
      expect(ledger.entries.at(-2)).toMatchObject({ phase: 'rolled-back', gitSha: sha });
      const lease = await shop.get('leases.coordination.k8s.io', 'gated-delivery');
      expect((lease?.spec as { holderIdentity?: string }).holderIdentity).toBeUndefined();
    }

    // The run of the last rollback deploys and fails again: that is for people to look at.
    await shop.deploy('f'.repeat(40), [api('worse')], 'failed');
    const env = { GITHUB_RUN_ID: String(2_000 + boundaries.length - 1) };
    const refused = await shop.rollback({}, { env });
    expect(refused.errors.join()).toMatch(/E_NO_TARGET: this run has rolled back automatically once already/);
    expect(await valueOf()).toBe('worse');
  }, 600_000);
});

import { describe, expect, it } from '@jest/globals';
import { boundaries, type Boundary } from '../../actions/rollback/src/boundary.ts';
import { withDelivery, type DeployedRelease } from '../support/delivery.ts';
import type { HelmMajor } from '../support/helm-folders.ts';
import { configMap, deployment, imageOf, manifests } from '../support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

const base = (value: string): DeployedRelease => ({ name: 'base', manifest: configMap('base', value) });
/** Two releases, so that it also dies between them. */
const both = (version: string): DeployedRelease[] => [base(version), { ...api(version), needs: ['base'] }];

const rows = boundaries.flatMap((boundary): [Boundary, HelmMajor][] => [
  [boundary, 3],
  [boundary, 4],
]);

describe('a rollback that is killed', () => {
  it.concurrent.each(rows)('when it is %s, with helm %i, is finished by the next run', (boundary, major) =>
    withDelivery('crash', major, async (shop) => {
      await shop.deploy(good, both('good'), 'verified');
      const { manifestSha256 } = await shop.current('api');
      await shop.deploy(bad, both('bad'), 'failed');
      const killed = await shop.rollback({}, { env: { GATED_DELIVERY_DIE_AT: boundary } });
      expect(killed.signal).toBe('SIGKILL');

      const second = await shop.rollback();
      expect(second.errors).toEqual([]);
      for (const name of ['settings', 'base'])
        expect((await shop.get('configmaps', name))?.data).toEqual({ value: 'good' });
      expect(imageOf(await shop.get('deployments.apps', 'api'))).toBe('shop/api:good');
      expect(await shop.current('api')).toMatchObject({ status: 'deployed', manifestSha256 });
      // What a rollback without a crash leaves too.
      for (const name of ['api', 'base']) expect(await shop.current(name)).toMatchObject({ revision: 3 });
      const ledger = await shop.ledger();
      const steps = ['api', 'base'].map((release) => ({ release, state: 'done' }));
      expect(ledger.plans).toMatchObject([{ state: 'done', steps }]);
      expect(ledger.bad.map(({ gitSha }) => gitSha)).toEqual([bad]);
      expect(ledger.entries.map(({ phase, gitSha }) => [phase, gitSha])).toEqual([
        ['verified', good],
        ['rolled-back', bad],
        ['verified', good],
      ]);
      expect(await shop.lockHolder()).toBeUndefined();
    }),
  );

  it.concurrent('goes back by itself once a run', () =>
    withDelivery('once', 4, async (shop) => {
      await shop.deploy(good, [api('good')], 'verified');
      await shop.deploy(bad, [api('bad')], 'failed');
      expect((await shop.rollback()).errors).toEqual([]);
      await shop.deploy('c'.repeat(40), [api('worse')], 'failed');
      const refused = await shop.rollback();
      expect(refused.errors.join()).toMatch(
        /E_NO_TARGET: this run has rolled back automatically once already/,
      );
      expect((await shop.get('configmaps', 'settings'))?.data).toEqual({ value: 'worse' });
    }),
  );
});

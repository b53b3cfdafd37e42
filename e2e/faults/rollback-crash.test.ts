import { describe, expect, it } from '@jest/globals';
import { boundaries, type Boundary } from '../../actions/rollback/src/boundary.ts';
import { withDelivery } from '../support/delivery.ts';
import type { HelmMajor } from '../support/helm-folders.ts';
import { configMap, deployment, manifests } from '../support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

const rows = boundaries.flatMap((boundary): [Boundary, HelmMajor][] => [
  [boundary, 3],
  [boundary, 4],
]);

describe('a rollback that is killed', () => {
  it.concurrent.each(rows)('when it is %s, with helm %i, is finished by the next run', (boundary, major) =>
    withDelivery('crash', major, async (shop) => {
      await shop.deploy(good, [api('good')], 'verified');
      const { manifestSha256 } = await shop.current('api');
      await shop.deploy(bad, [api('bad')], 'failed');
      const killed = await shop.rollback({}, { env: { GATED_DELIVERY_DIE_AT: boundary } });
      expect(killed.signal).toBe('SIGKILL');

      const second = await shop.rollback();
      expect(second.errors).toEqual([]);
      expect((await shop.get('configmaps', 'settings'))?.data).toEqual({ value: 'good' });
      expect(await shop.current('api')).toMatchObject({ status: 'deployed', manifestSha256 });
      // What a rollback without a crash leaves too.
      expect(await shop.current('api')).toMatchObject({ revision: 3 });
      const ledger = await shop.ledger();
      expect(ledger.plans).toMatchObject([{ state: 'done', steps: [{ release: 'api', state: 'done' }] }]);
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

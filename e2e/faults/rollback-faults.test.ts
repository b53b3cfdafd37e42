import { describe, expect, it } from '@jest/globals';
import { withDelivery, type Delivery } from '../support/delivery.ts';
import { startFaultyApi, type FaultKind } from '../support/faulty-api.ts';
import { startFlakyProxy } from '../support/flaky-proxy.ts';
import { configMap, deployment, imageOf, manifests } from '../support/manifests.ts';
import { rig } from '../support/rig.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

const places = {
  lock: /\/leases/,
  ledger: /\/configmaps\/gated-delivery-ledger/,
  release: /\/secrets/,
  objects: /\/deployments/,
};
const kinds: readonly FaultKind[] = [409, 429, 500, 'slow', 'lost'];
/** Lock and ledger are written by the action itself, whichever Helm there is. */
const own = new Set(['lock', 'ledger']);
const rows = ([3, 4] as const).flatMap((major) =>
  kinds.flatMap((kind) =>
    Object.entries(places)
      .filter(([place]) => major === 4 || !own.has(place))
      .map(([place, path]) => [kind, place, major, path] as const),
  ),
);

async function ready(shop: Delivery): Promise<void> {
  await shop.deploy(good, [api('good')], 'verified');
  await shop.deploy(bad, [api('bad')], 'failed');
}

/** What there is after a rollback that came through, at once or at the second run. */
async function expectGood(shop: Delivery): Promise<void> {
  expect(imageOf(await shop.get('deployments.apps', 'api'))).toBe('shop/api:good');
  expect((await shop.get('configmaps', 'settings'))?.data).toEqual({ value: 'good' });
  expect((await shop.current('api')).status).toBe('deployed');
  const ledger = await shop.ledger();
  expect(ledger.plans).toMatchObject([{ state: 'done', steps: [{ release: 'api', state: 'done' }] }]);
  expect(ledger.bad.map(({ gitSha }) => gitSha)).toEqual([bad]);
  expect(ledger.entries[0]).toMatchObject({ gitSha: good, phase: 'verified' });
  expect(await shop.lockHolder()).toBeUndefined();
}

describe('an API server that answers some writes wrongly', () => {
  it.concurrent.each(rows)('with %s, about the %s, to a rollback with helm %i', (kind, place, major, path) =>
    withDelivery(`fault-${place}`, major, async (shop) => {
      const server = await startFaultyApi(rig().kubeconfig);
      try {
        await ready(shop);
        server.begin({ kind, path, times: 2 });
        const result = await shop.rollback({ kubeconfig: server.kubeconfig });
        expect(server.met()).toBeGreaterThan(0);
        // Where it writes itself it comes through. What Helm gives up at ends with a code.
        if (own.has(place)) expect(result.errors).toEqual([]);
        for (const error of result.errors) expect(error).toMatch(/^E_(TIMEOUT|CONFLICT|TOOL): /);
        expect(result.code === 0).toBe(result.errors.length === 0);
        const history = await shop.helm.history('api', shop.namespace);
        expect(history.filter(({ status }) => status.startsWith('pending-'))).toEqual([]);
        expect(await shop.lockHolder()).toBeUndefined();

        expect((await shop.rollback()).errors).toEqual([]);
        await expectGood(shop);
      } finally {
        await server.stop();
      }
    }),
  );
});

describe.each([3, 4] as const)('an API server that is gone for 20 s, with helm %i', (major) => {
  it.concurrent.each(['→ the manifest of', 'is healthy'])('from "%s" on', (word) =>
    withDelivery('gone', major, async (shop) => {
      const proxy = await startFlakyProxy(rig().kubeconfig);
      try {
        await ready(shop);
        let isGone = false;
        const result = await shop.rollback(
          { kubeconfig: proxy.kubeconfig },
          {
            onLine: (line) => {
              if (isGone || !line.includes(word)) return;
              isGone = true;
              proxy.goAway(20_000);
            },
          },
        );
        expect(isGone).toBe(true);
        for (const error of result.errors) expect(error).toMatch(/^E_(TIMEOUT|LOCKED|TOOL|AUTH): /);
        expect(result.code === 0).toBe(result.errors.length === 0);
        expect((await shop.rollback()).errors).toEqual([]);
        await expectGood(shop);
      } finally {
        await proxy.stop();
      }
    }),
  );
});

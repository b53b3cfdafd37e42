import { afterEach, describe, expect, it } from '@jest/globals';
import { startDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { configMap, deployment, manifests } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

const api = (version: string): { name: string; manifest: string } => ({
  name: 'api',
  manifest: manifests(configMap('settings', version), deployment('api', `shop/api:${version}`)),
});

let delivery: Delivery | undefined;
afterEach(async () => {
  await delivery?.stop();
  delivery = undefined;
});

const start = async (name: string, major: HelmMajor): Promise<Delivery> => {
  delivery = await startDelivery(name, major);
  return delivery;
};

const imageOf = async (shop: Delivery, name: string): Promise<unknown> => {
  const object = await shop.get('deployments.apps', name);
  const spec = object?.spec as { template: { spec: { containers: { image: string }[] } } };
  return spec.template.spec.containers.map(({ image }) => image);
};

describe.each<HelmMajor>([3, 4])('rollback with helm %i', (major) => {
  it('goes from a bad release to the exact manifest of the good one, and stays there when run again', async () => {
    const shop = await start('twice', major);
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
    expect(after).toMatchObject({ revision: 3, status: 'deployed', manifestSha256: before.manifestSha256 });
    expect(await imageOf(shop, 'api')).toEqual(['shop/api:1']);
    const ledger = await shop.ledger();
    expect(ledger.bad).toMatchObject([{ gitSha: bad, reason: 'errors at checkout' }]);
    expect(ledger.plans).toMatchObject([{ state: 'done', steps: [{ release: 'api', state: 'done' }] }]);

    const second = await shop.rollback();
    expect(second.code).toBe(0);
    expect(second.outputs).toMatchObject({ 'rolled-back': 'false', done: '[]' });
    expect((await shop.current('api')).revision).toBe(3);

    // Beside it: what Helm itself does when asked a second time.
    await shop.runHelm('rollback', 'api');
    expect(await imageOf(shop, 'api')).toEqual(['shop/api:2']);
  });
});

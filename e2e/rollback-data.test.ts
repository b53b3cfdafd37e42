import { afterEach, describe, expect, it } from '@jest/globals';
import { startDelivery, type Delivery } from './support/delivery.ts';
import type { HelmMajor } from './support/helm-folders.ts';
import { claim, deployment, manifests, statefulSet } from './support/manifests.ts';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const app = (version: string, ...more: string[]): { name: string; manifest: string } => ({
  name: 'app',
  manifest: manifests(deployment('app', `shop/app:${version}`), ...more),
});

let shop: Delivery;
afterEach(async () => {
  await shop.stop();
});

const uidOf = async (name: string): Promise<string | undefined> =>
  (await shop.get('persistentvolumeclaims', name))?.metadata.uid;

const containerImage = async (resource: string, name: string): Promise<string | undefined> => {
  const object = await shop.get(resource, name);
  return (object?.spec as { template: { spec: { containers: { image: string }[] } } }).template.spec
    .containers[0]?.image;
};

describe.each<HelmMajor>([3, 4])('data and rollbacks with helm %i', (major) => {
  it('refuses a StatefulSet whose claim templates differ, before anything changes', async () => {
    shop = await startDelivery('sts', major);
    await shop.deploy(good, [{ name: 'db', manifest: statefulSet('db', 'queue:1') }], 'verified');
    await shop.kubernetes.delete({ resource: 'statefulsets.apps', name: 'db', namespace: shop.namespace });
    await shop.deploy(
      bad,
      [{ name: 'db', manifest: statefulSet('db', 'queue:1', { storage: '2Gi' }) }],
      'failed',
    );
    const before = await shop.get('statefulsets.apps', 'db');

    const result = await shop.rollback();
    expect(result.errors.join()).toMatch(
      /E_STS_IMMUTABLE: db: spec\.volumeClaimTemplates of StatefulSet\/db/,
    );
    expect((await shop.current('db')).revision).toBe(2);
    expect((await shop.get('statefulsets.apps', 'db'))?.metadata.resourceVersion).toBe(
      before?.metadata.resourceVersion,
    );
  });

  it('does not delete a claim that came with the bad version, and goes back once it is kept', async () => {
    shop = await startDelivery('claim', major);
    await shop.deploy(good, [app('1')], 'verified');
    await shop.deploy(bad, [app('2', claim('uploads'))], 'failed');
    const uid = await uidOf('uploads');

    const refused = await shop.rollback();
    expect(refused.errors.join()).toMatch(
      /E_DATA_LOSS: app: PersistentVolumeClaim\/uploads would be deleted/,
    );
    expect((await shop.current('app')).revision).toBe(2);

    // The very command that the error names.
    await shop.kubernetes.patch(
      { resource: 'persistentvolumeclaims', name: 'uploads', namespace: shop.namespace },
      { metadata: { annotations: { 'helm.sh/resource-policy': 'keep' } } },
      { type: 'merge' },
    );
    const result = await shop.rollback();
    expect(result.errors).toEqual([]);
    expect(await uidOf('uploads')).toBe(uid);
    expect(await containerImage('deployments.apps', 'app')).toBe('shop/app:1');
  });

  it('keeps a claim that its chart marks as kept', async () => {
    shop = await startDelivery('keep', major);
    await shop.deploy(good, [app('1')], 'verified');
    await shop.deploy(bad, [app('2', claim('uploads', '{helm.sh/resource-policy: keep}'))], 'failed');
    const uid = await uidOf('uploads');
    expect((await shop.rollback()).errors).toEqual([]);
    expect(uid).toBeDefined();
    expect(await uidOf('uploads')).toBe(uid);
  });

  it.each([
    ['mongodb', 'mongo:7.0.4', 'mongo:8.0.1'],
    ['redis', 'redis:7.2.0', 'redis:8.0.0'],
    ['rabbitmq', 'rabbitmq:3.13-management', 'rabbitmq:4.0-management'],
  ])('holds %s back and takes the application', async (engine, old, fresh) => {
    shop = await startDelivery(engine, major);
    const db = (image: string): { name: string; manifest: string } => ({
      name: engine,
      manifest: statefulSet(engine, image),
    });
    await shop.deploy(good, [db(old), { ...app('1'), needs: [engine] }], 'verified');
    await shop.deploy(bad, [db(fresh), { ...app('2'), needs: [engine] }], 'failed');
    const uid = await uidOf(`data-${engine}-0`);

    const result = await shop.rollback();
    expect(result.code).toBe(1);
    expect(result.errors.join()).toMatch(
      new RegExp(`E_STATEFUL_DOWNGRADE: rolled back: app; held back: ${engine}`),
    );
    expect(result.outputs).toMatchObject({ done: '["app"]', left: `["${engine}"]` });
    expect(await containerImage('deployments.apps', 'app')).toBe('shop/app:1');
    expect(await containerImage('statefulsets.apps', engine)).toBe(fresh);
    expect(uid).toBeDefined();
    expect(await uidOf(`data-${engine}-0`)).toBe(uid);

    const alone = await shop.rollback({ release: engine });
    expect(alone.errors.join()).toContain('E_STATEFUL_DOWNGRADE');
    expect(await containerImage('statefulsets.apps', engine)).toBe(fresh);

    const allowed = await shop.rollback({ release: engine, 'allow-stateful': engine });
    expect(allowed.errors).toEqual([]);
    expect(await containerImage('statefulsets.apps', engine)).toBe(old);
    expect(await uidOf(`data-${engine}-0`)).toBe(uid);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import type { ManifestObject } from '../manifests/manifest-object.ts';
import { parseManifests } from '../manifests/parse-manifests.ts';
import { applyBundle, bundleText } from './apply-bundle.ts';
import { bundleHistory, saveBundle, setBundleStatus } from './bundle-store.ts';
import { withInventory } from './inventory.ts';

const configMap = (name: string, annotations: Record<string, string> = {}): ManifestObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, annotations },
  data: { a: '1' },
});
const about = { name: 'shop', namespace: 'dev', description: 'd', overlay: 'o', now: '2026-01-01T00:00:00Z' };

describe('bundles', () => {
  it('are numbered, read back as they were, and one is deployed at a time', async () => {
    const kubernetes = fakeKubernetes();
    for (const name of ['a', 'b']) {
      const manifest = bundleText(withInventory([configMap(name)], about));
      const saved = await saveBundle(kubernetes, { ...about, manifest });
      expect(saved.status).toBe('pending-upgrade');
      await setBundleStatus(kubernetes, saved, 'deployed');
    }
    const history = await bundleHistory(kubernetes, 'dev', 'shop');
    expect(history.map(({ revision, status }) => [revision, status])).toEqual([
      [1, 'superseded'],
      [2, 'deployed'],
    ]);
    expect(parseManifests(history[0]?.manifest ?? '').map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(history[0]?.manifestSha256).not.toBe(history[1]?.manifestSha256);
  });

  it('keep ten behind the current one', async () => {
    const kubernetes = fakeKubernetes();
    for (let made = 0; made < 14; made += 1)
      await setBundleStatus(kubernetes, await saveBundle(kubernetes, { ...about, manifest: '' }), 'deployed');
    const revisions = (await bundleHistory(kubernetes, 'dev', 'shop')).map(({ revision }) => revision);
    expect(revisions).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('leave a failed one beside the deployed one', async () => {
    const kubernetes = fakeKubernetes();
    await setBundleStatus(kubernetes, await saveBundle(kubernetes, { ...about, manifest: 'a' }), 'deployed');
    await setBundleStatus(kubernetes, await saveBundle(kubernetes, { ...about, manifest: 'b' }), 'failed');
    expect((await bundleHistory(kubernetes, 'dev')).map(({ status }) => status)).toEqual([
      'deployed',
      'failed',
    ]);
  });
});

describe('applyBundle', () => {
  const apply = async (
    kubernetes: ReturnType<typeof fakeKubernetes>,
    names: string[],
    previous: string[],
  ) => {
    const objects = (list: string[]): ManifestObject[] =>
      withInventory(
        list.map((name) => configMap(name, name === 'kept' ? { 'helm.sh/resource-policy': 'keep' } : {})),
        about,
      );
    await applyBundle(kubernetes, {
      name: 'shop',
      namespace: 'dev',
      objects: objects(names),
      previous: objects(previous),
      force: false,
      adopts: false,
    });
    return [...kubernetes.objects.values()].map(({ metadata }) => metadata.name).sort();
  };

  it('removes what fell out, but for what is kept', async () => {
    const kubernetes = fakeKubernetes();
    await apply(kubernetes, ['a', 'b', 'kept'], []);
    expect(await apply(kubernetes, ['a'], ['a', 'b', 'kept'])).toEqual(['a', 'kept']);
  });

  it("never removes what does not carry this inventory's label", async () => {
    const kubernetes = fakeKubernetes();
    kubernetes.put({ ...configMap('theirs'), metadata: { name: 'theirs', namespace: 'dev' } });
    expect(await apply(kubernetes, ['a'], ['theirs'])).toEqual(['a', 'theirs']);
  });

  it('keeps inventories of one name in two namespaces apart also where objects are in none', async () => {
    const kubernetes = fakeKubernetes();
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' } };
    const inPlace = (namespace: string, objects: ManifestObject[], adopts = false): Promise<void> => {
      const inventory = { name: 'shop', namespace };
      const previous = withInventory([role], inventory);
      const wanted = withInventory(objects, inventory);
      return applyBundle(kubernetes, { ...inventory, objects: wanted, previous, force: adopts, adopts });
    };
    await inPlace('dev', [role]);
    await expect(inPlace('staging', [role])).rejects.toMatchObject({ code: 'E_OWNERSHIP' });
    await inPlace('staging', []);
    expect([...kubernetes.objects.values()].map(({ metadata }) => metadata.name)).toContain('r');
    await inPlace('staging', [role], true);
    await inPlace('dev', []);
    expect([...kubernetes.objects.values()].map(({ metadata }) => metadata.name)).toContain('r');
    await inPlace('staging', []);
    expect([...kubernetes.objects.values()].map(({ metadata }) => metadata.name)).not.toContain('r');
  });
});

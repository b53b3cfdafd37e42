import { describe, expect, it } from '@jest/globals';
import { fakeKubernetes, type FakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import { bundleHistory } from '../../../toolkit/kustomize/bundle-store.ts';
import { kustomizeUnit } from './kustomize-unit.ts';

const { signal } = new AbortController();

async function deploy(
  kubernetes: FakeKubernetes,
  folder: string,
  {
    name = 'overlay',
    force = false,
    map = folder.replaceAll(/\W/g, ''),
  }: { name?: string; force?: boolean; map?: string } = {},
): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: map } };
  const unit = kustomizeUnit({
    kubernetes,
    name,
    namespace: 'dev',
    folder,
    force,
    build: () => Promise.resolve([object]),
    now: () => '2026-01-01T00:00:00Z',
  });
  const releases = await unit.list(signal);
  await unit.render(releases, new Set(), signal);
  await unit.apply({ releases, hooks: [], timeoutMs: 1_000, description: 'd', force, signal });
}

const maps = (kubernetes: FakeKubernetes): string[] =>
  [...kubernetes.objects.values()]
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(({ metadata }) => metadata.name)
    .sort();

describe('kustomizeUnit', () => {
  it("refuses a second overlay under the first one's name, and keeps the first one's objects", async () => {
    const kubernetes = fakeKubernetes();
    await deploy(kubernetes, './web');
    await deploy(kubernetes, 'web/');
    await expect(deploy(kubernetes, './jobs')).rejects.toMatchObject({ code: 'E_OWNERSHIP' });
    expect(maps(kubernetes)).toEqual(['web']);
    await deploy(kubernetes, './jobs', { name: 'jobs' });
    expect(maps(kubernetes)).toEqual(['jobs', 'web']);
  });

  it('goes on with bundles that do not tell their overlay, and with a moved one when forced', async () => {
    const kubernetes = fakeKubernetes();
    await deploy(kubernetes, './old');
    await deploy(kubernetes, './moved', { force: true });
    expect(maps(kubernetes)).toEqual(['moved']);
    for (const secret of [...kubernetes.objects.values()].filter(({ kind }) => kind === 'Secret'))
      kubernetes.put({ ...secret, metadata: { ...secret.metadata, annotations: {} } });
    await expect(deploy(kubernetes, './other')).rejects.toMatchObject({ code: 'E_OWNERSHIP' });
    await deploy(kubernetes, './other', { map: 'moved' });
    expect((await bundleHistory(kubernetes, 'dev', 'overlay')).at(-1)?.chart).toBe('other');
  });

  it('takes a folder called kustomize for one like any other', async () => {
    const kubernetes = fakeKubernetes();
    await deploy(kubernetes, './kustomize');
    await expect(deploy(kubernetes, './jobs')).rejects.toMatchObject({ code: 'E_OWNERSHIP' });
  });

  it('refuses an object of another overlay before anything changes, and moves it when forced', async () => {
    const kubernetes = fakeKubernetes();
    await deploy(kubernetes, './web', { map: 'shared' });
    const before = kubernetes.writes.length;
    const jobs = { name: 'jobs', map: 'shared' };
    await expect(deploy(kubernetes, './jobs', jobs)).rejects.toMatchObject({ code: 'E_OWNERSHIP' });
    expect(kubernetes.writes).toHaveLength(before);
    await deploy(kubernetes, './jobs', { ...jobs, force: true });
    // The overlay that gave it away does not remove it.
    await deploy(kubernetes, './web', { map: 'own' });
    expect(maps(kubernetes)).toEqual(['own', 'shared']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { fakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { entry, ledger, record, revision } from './fake-history.ts';
import { observe, weigh } from './observe.ts';

const claim = `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {}\n`;
const old = `apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: web}\n`;

const stored = (number: number, content: string, manifest: string): ReleaseRevision => ({
  ...revision(number, content, number === 2 ? 'deployed' : 'superseded'),
  name: 'api',
  namespace: 'shop',
  lastDeployed: '',
  appVersion: '',
  manifest,
  values: {},
  valuesSha256: '',
  hooks: number === 2 ? [{ name: 'migrate', kind: 'Job', events: ['pre-upgrade'], manifest: 'm' }] : [],
  applyMethod: undefined,
  secret: { name: '', resourceVersion: '', bytes: 0 },
});

const known = ledger([
  entry('d1', 'verified', [record(1, 'good', 'verified')]),
  entry('d2', 'failed', [record(2, 'bad', 'failed')]),
]);

const codes = async (
  good: string,
  bad: string,
  live: KubernetesObject[],
  { kind = 'helm', more = [] }: { kind?: 'helm' | 'kustomize'; more?: readonly ReleaseRevision[] } = {},
): Promise<string[]> => {
  const histories = new Map([['shop/api', [stored(1, 'good', good), stored(2, 'bad', bad), ...more]]]);
  const release = { name: 'api', namespace: 'shop', kind, record: undefined };
  const kubernetes = {
    ...fakeKubernetes(live),
    apiResources: () =>
      Promise.resolve([
        {
          resource: 'persistentvolumeclaims',
          group: '',
          version: 'v1',
          kind: 'PersistentVolumeClaim',
          namespaced: true,
        },
      ]),
  };
  const scope = { kind: 'none' as const, why: '' };
  const inputs = { revision: undefined, allowUnverified: false };
  const [candidate] = await weigh(kubernetes, { ledger: known, scope, histories }, [release], inputs);
  return (candidate?.risks ?? []).map(({ code }) => code);
};

const liveClaim = (annotations: Record<string, string> = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'shop', annotations },
});

describe('weigh', () => {
  it('sees data that would go, APIs that are gone and migrations that ran', async () => {
    expect(await codes(old, claim, [liveClaim()])).toEqual(['E_DATA_LOSS', 'E_API_REMOVED', 'E_MIGRATION']);
  });

  it('sees data of a bundle between, which pruning would take too', async () => {
    const more = [stored(3, 'worse', '')];
    const overlay = { kind: 'kustomize' as const, more };
    expect(await codes('', claim, [liveClaim()], overlay)).toContain('E_DATA_LOSS');
    expect(await codes('', claim, [], overlay)).not.toContain('E_DATA_LOSS');
  });

  it('does not count a claim that was never made, or that is kept by its live annotation', async () => {
    expect(await codes('', claim, [])).toEqual(['E_MIGRATION']);
    expect(await codes('', claim, [liveClaim({ 'helm.sh/resource-policy': 'keep' })])).toEqual([
      'E_MIGRATION',
    ]);
  });
});

describe('observe', () => {
  it('refuses a namespace whose ledger is of another environment', async () => {
    const cluster = {
      kubernetes: fakeKubernetes(),
      helm: { releases: async () => Promise.resolve(new Map()) },
      ledger: { read: async () => Promise.resolve({ ledger: known, resourceVersion: '1' }) },
    } as unknown as Parameters<typeof observe>[0];
    const inputs = { releases: [], deploy: '' };
    const look = (environment: string) => observe(cluster, { environment, namespace: 'shop' }, inputs);
    await expect(look('staging')).rejects.toMatchObject({
      code: 'E_CONFIG',
      message: 'namespace shop belongs to environment production, and not to staging',
    });
    expect((await look('production')).ledger).toBe(known);
  });
});

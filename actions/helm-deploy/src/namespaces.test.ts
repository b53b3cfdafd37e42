import { describe, expect, it } from '@jest/globals';
import { previewLabels } from '../../../toolkit/environments/preview-identity.ts';
import { fakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { ensureNamespace, namespaceAccess } from './namespaces.ts';

const identity = { repository: 'example/shop', branch: 'feature/a', slug: 'feature-a-h1' };
const preview = { identity, expiresAt: Date.parse('2026-02-01T00:00:00Z') };
const namespace = (labels: Record<string, string>, more: object = {}): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'place', labels, ...more },
});

describe('namespaceAccess', () => {
  const kubernetes = fakeKubernetes([namespace({})]);

  it.each([
    ['nothing about one that is there', [{ name: 'place' }], []],
    [
      'to create those that are missing, once',
      [{ name: 'a' }, { name: 'b', preview }],
      ['create namespaces'],
    ],
    ['to change a preview that is there', [{ name: 'place', preview }], ['patch namespaces place']],
  ])('asks %s', async (_, needs, expected) => {
    const questions = await namespaceAccess(kubernetes, needs);
    expect(
      questions.map(({ verb, resource, namespace: place = '' }) => `${verb} ${resource} ${place}`.trim()),
    ).toEqual(expected);
  });
});

describe('ensureNamespace', () => {
  it('makes one that is missing, and marks a preview as its own', async () => {
    const kubernetes = fakeKubernetes();
    await ensureNamespace(kubernetes, { name: 'shop' });
    await ensureNamespace(kubernetes, { name: 'place', preview });
    const made = await kubernetes.get({ resource: 'namespaces', name: 'place' });
    expect(made?.metadata.labels).toEqual(previewLabels(identity));
    expect(made?.metadata.annotations).toMatchObject({
      'gated-delivery.dev/branch': 'feature/a',
      'gated-delivery.dev/expires': '2026-02-01T00:00:00.000Z',
    });
    expect(kubernetes.writes).toEqual(['create namespace//shop', 'create namespace//place']);
  });

  it('lets a preview live on when it is deployed again', async () => {
    const kubernetes = fakeKubernetes([namespace(previewLabels(identity))]);
    await ensureNamespace(kubernetes, { name: 'place', preview });
    const found = await kubernetes.get({ resource: 'namespaces', name: 'place' });
    expect(found?.metadata.annotations?.['gated-delivery.dev/expires']).toBe('2026-02-01T00:00:00.000Z');
  });

  it.each([
    ['a preview in a namespace without its labels', namespace({}), preview],
    [
      'a preview in that of another branch',
      namespace(previewLabels({ ...identity, branch: 'feature/b' })),
      preview,
    ],
    ['anything else in that of a preview', namespace(previewLabels(identity)), undefined],
    ['a namespace on its way out', namespace({}, { deletionTimestamp: 't' }), undefined],
  ])('refuses %s', async (_, existing, wanted) => {
    const kubernetes = fakeKubernetes([existing]);
    const need = { name: 'place', ...(wanted === undefined ? {} : { preview: wanted }) };
    await expect(ensureNamespace(kubernetes, need)).rejects.toMatchObject({ code: 'E_OWNERSHIP' });
    expect(kubernetes.writes).toEqual([]);
  });
});

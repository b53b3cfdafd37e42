import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../action/errors.ts';
import { fakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import type { KubernetesPort } from '../kubernetes/kubernetes.ts';
import { preflight, reach, requireAccess } from './preflight.ts';

describe('reach', () => {
  it.each([
    [0, 'E_TIMEOUT', 'E_AUTH'],
    [401, 'E_AUTH', 'E_AUTH'],
    [503, 'E_TIMEOUT', 'E_TIMEOUT'],
  ] as const)('reads an answer of %i as its code', async (status, code, expected) => {
    const serverVersion = async () => Promise.reject(new ApiError(code, 'no', { status }));
    await expect(reach({ ...fakeKubernetes(), serverVersion })).rejects.toMatchObject({ code: expected });
  });
});

describe('preflight', () => {
  it('is content with an identity that may do everything', async () => {
    await expect(preflight(fakeKubernetes(), ['a', 'b'])).resolves.toBeUndefined();
  });

  it('asks for every verb that is used before and after the objects of a chart', async () => {
    const asked: string[] = [];
    const denied: KubernetesPort['denied'] = async (questions) => {
      asked.push(...questions.map(({ verb, resource, namespace }) => `${verb} ${resource} ${namespace}`));
      return [];
    };
    await preflight({ ...fakeKubernetes(), denied }, ['shop']);
    // Helm reads a release by name, and the health verdict lists what it judges only when all is applied.
    for (const needed of ['get secrets', 'list jobs.batch', 'list services', 'list controllerrevisions.apps'])
      expect(asked).toContain(`${needed} shop`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('names each verb that is missing, and how to check it', async () => {
    const denied = async () => [
      { verb: 'list', resource: 'secrets', namespace: 'shop' },
      { verb: 'create', resource: 'namespaces' },
    ];
    await expect(requireAccess({ denied }, [])).rejects.toMatchObject({
      code: 'E_RBAC',
      message: 'the identity of the kubeconfig may not list secrets in shop, create namespaces',
      hint: expect.stringContaining('kubectl auth can-i list secrets -n shop'),
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../action/errors.ts';
import { fakeKubernetes } from './fake-kubernetes.ts';
import { keepOwners } from './keep-owners.ts';
import type { KubernetesPort } from './kubernetes.ts';

const ref = { resource: 'deployments.apps', name: 'api', namespace: 'shop' };
const helm = { manager: 'helm', operation: 'Apply', fieldsV1: { a: {} } };
const kubectl = { manager: 'kubectl', operation: 'Update', fieldsV1: { b: {} } };
const scale = { manager: 'kubectl', operation: 'Update', subresource: 'scale', fieldsV1: {} };

/** A server whose object gets a `kubectl` entry by the write; `losing` patches come too late. */
function server(before: readonly object[], after: readonly object[], losing = 0) {
  const fake = fakeKubernetes();
  const put = (managedFields: readonly object[]): void => {
    fake.put({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'api', namespace: 'shop', managedFields },
    });
  };
  put(before);
  const patches: unknown[] = [];
  let toLose = losing;
  const kubernetes: KubernetesPort = {
    ...fake,
    patch: async (_, patch) => {
      if (toLose > 0) {
        toLose -= 1;
        throw new ApiError('E_CONFIG', 'the test failed', { status: 422 });
      }
      patches.push((patch as unknown[])[1]);
      return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api' } };
    },
  };
  return {
    patches,
    run: () =>
      keepOwners(kubernetes, ref, async () => {
        put(after);
      }),
  };
}

describe('keepOwners', () => {
  it('removes the entry that the command made', async () => {
    const { patches, run } = server([helm, scale], [helm, scale, kubectl]);
    await run();
    expect(patches).toEqual([{ op: 'remove', path: '/metadata/managedFields/2' }]);
  });

  it('gives an entry that was there before its fields back', async () => {
    const { patches, run } = server([kubectl, helm], [{ ...kubectl, fieldsV1: { b: {}, c: {} } }, helm]);
    await run();
    expect(patches).toEqual([
      { op: 'replace', path: '/metadata/managedFields/0/fieldsV1', value: { b: {} } },
    ]);
  });

  it('looks again when a controller was faster', async () => {
    const { patches, run } = server([helm], [helm, kubectl], 2);
    await run();
    expect(patches).toHaveLength(1);
  });

  it('does nothing when the command left no entry', async () => {
    const { patches, run } = server([helm], [helm]);
    await run();
    expect(patches).toEqual([]);
  });
});

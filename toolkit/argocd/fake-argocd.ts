import { fakeKubernetes, type FakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import type { KubernetesObject, ResourceRef } from '../kubernetes/kubernetes.ts';
import { at, text } from '../manifests/fields.ts';

export interface FakeArgocd extends FakeKubernetes {
  /** Every operation it took up. */
  readonly asked: unknown[];
}

/**
 * An Application with a controller behind it, which works whenever somebody looks: it takes an operation up, ends it as
 * told (`Running`: never), and sees the health that follows only with a refresh.
 */
export function fakeArgocd(
  application: KubernetesObject,
  { phase = 'Succeeded', seen = {} }: { readonly phase?: string; readonly seen?: object } = {},
): FakeArgocd {
  const kubernetes = fakeKubernetes([application]);
  const asked: unknown[] = [];
  const work = (found: KubernetesObject): KubernetesObject => {
    const status = found.status as Readonly<Record<string, unknown>> | undefined;
    const state = at(status, 'operationState');
    if (found.operation !== undefined) {
      const { operation, ...rest } = found;
      const isTaken = at(state, 'operation') !== undefined && at(state, 'phase') !== 'Succeeded';
      if (!isTaken) asked.push(operation);
      const ending = text(at(state, 'phase')) === 'Terminating' ? 'Failed' : phase;
      const operationState = { operation, phase: ending, message: 'no such path' };
      return { ...(ending === 'Running' ? found : rest), status: { ...status, operationState } };
    }
    if (found.metadata.annotations === undefined) return found;
    const { annotations: _, ...metadata } = found.metadata;
    return { ...found, metadata, status: { ...status, ...seen } };
  };
  const { get } = kubernetes;
  return Object.assign(kubernetes, {
    asked,
    get: async (ref: ResourceRef) => {
      const found = await get(ref);
      const after = found === undefined ? undefined : work(found);
      if (after !== undefined && JSON.stringify(after) !== JSON.stringify(found)) kubernetes.put(after);
      return found;
    },
  });
}

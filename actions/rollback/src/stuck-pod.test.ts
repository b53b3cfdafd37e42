import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { findStuckPod } from './stuck-pod.ts';

const set = (spec: unknown = {}, observedGeneration = 3): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop', uid: 'set', generation: 3 },
  spec,
  status: { updateRevision: 'db-good', observedGeneration },
});
const pod = (
  ordinal: number,
  hash: string,
  ready: boolean,
  more: Record<string, unknown> = {},
): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `db-${ordinal}`,
    namespace: 'shop',
    uid: `pod-${ordinal}`,
    labels: { 'controller-revision-hash': hash },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'set' }],
    ...more,
  },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
});

describe('findStuckPod', () => {
  it('names the first unready pod of the given-up template', () => {
    const live = [set(), pod(10, 'db-bad', false), pod(2, 'db-bad', false), pod(0, 'db-good', true)];
    expect(findStuckPod(live)).toEqual({ name: 'db-2', namespace: 'shop', uid: 'pod-2', statefulSet: 'db' });
  });

  it.each([
    ['the unready pod is of the wanted template', [set(), pod(0, 'db-good', false)]],
    ['all are ready', [set(), pod(0, 'db-bad', true)]],
    ['it is on its way out', [set(), pod(0, 'db-bad', false, { deletionTimestamp: 'now' })]],
    ['pods are replaced in any order', [set({ podManagementPolicy: 'Parallel' }), pod(0, 'db-bad', false)]],
    ['people replace the pods', [set({ updateStrategy: { type: 'OnDelete' } }), pod(0, 'db-bad', false)]],
    ['the controller has not looked yet', [set({}, 2), pod(0, 'db-bad', false)]],
    ['a pod of the wanted template comes first', [set(), pod(0, 'db-good', false), pod(1, 'db-bad', false)]],
    ['the pod is another set’s', [set(), pod(0, 'db-bad', false, { ownerReferences: [] })]],
  ])('is silent when %s', (_, live) => {
    expect(findStuckPod(live)).toBeUndefined();
  });
});

import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { judgeHealth } from './judge-health.ts';

const replicaSet = (name: string, revision: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name,
    namespace: 'shop',
    annotations: { 'deployment.kubernetes.io/revision': revision },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'u' }],
  },
});

const deployment = (accused: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'api',
    namespace: 'shop',
    uid: 'u',
    generation: 3,
    annotations: { 'deployment.kubernetes.io/revision': '3' },
  },
  spec: { replicas: 1 },
  status: {
    observedGeneration: 3,
    replicas: 2,
    conditions: [
      {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${accused}" has timed out progressing.`,
      },
    ],
  },
});

describe('a progress deadline', () => {
  it.each([
    ['of the template that is rolling out counts', 'api-good', 'failed'],
    ['of the template that was given up does not', 'api-bad', 'progressing'],
  ])('%s', (_, accused, health) => {
    const live = [deployment(accused), replicaSet('api-bad', '2'), replicaSet('api-good', '3')];
    const expected = [{ kind: 'Deployment', name: 'api', namespace: 'shop' }];
    expect(judgeHealth({ expected, live, now: 0 }).health).toBe(health);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { judgeHealth } from './judge-health.ts';

const object = (kind: string, name: string, rest: Record<string, unknown> = {}): KubernetesObject => {
  const { metadata, ...fields } = rest as { metadata?: object };
  return {
    apiVersion: 'v1',
    kind,
    metadata: { name, namespace: 'shop', uid: `${kind}-${name}`, generation: 2, ...metadata },
    ...fields,
  };
};
const revision = { 'deployment.kubernetes.io/revision': '2' };
const deployment = (status: object, spec: object = { replicas: 2 }): KubernetesObject =>
  object('Deployment', 'api', {
    metadata: { annotations: revision },
    spec,
    status: { observedGeneration: 2, ...status },
  });
const replicaSet = (name: string, number: string): KubernetesObject =>
  object('ReplicaSet', name, {
    metadata: {
      annotations: { 'deployment.kubernetes.io/revision': number },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'Deployment-api' }],
    },
  });
const pod = (name: string, owner: string, status: object, more: object = {}): KubernetesObject =>
  object('Pod', name, {
    metadata: {
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner }],
      ...more,
    },
    status,
  });
const waiting = (reason: string, restartCount = 0): object => ({
  containerStatuses: [{ name: 'main', restartCount, state: { waiting: { reason } } }],
});
const judge = (kind: string, name: string, ...live: KubernetesObject[]) =>
  judgeHealth({ expected: [{ kind, name, namespace: 'shop' }], live, now: 0 });
const whole = { updatedReplicas: 2, replicas: 2, availableReplicas: 2 };

describe('a Deployment', () => {
  it('is healthy when all its pods are new and available', () => {
    expect(judge('Deployment', 'api', deployment(whole))).toEqual({ health: 'healthy' });
    expect(judge('Deployment', 'api', deployment({}, { replicas: 0 }))).toEqual({ health: 'healthy' });
  });

  it.each([
    ['its controller has not looked', { ...whole, observedGeneration: 1 }],
    ['pods are missing', { ...whole, updatedReplicas: 1 }],
    ['old pods still run', { ...whole, replicas: 3 }],
    ['pods are not available', { ...whole, availableReplicas: 1 }],
  ])('makes progress while %s', (_, status) => {
    expect(judge('Deployment', 'api', deployment(status)).health).toBe('progressing');
  });

  it.each([
    ['exceeded quota: small', 'progressing', 'E_QUOTA'],
    ['violates PodSecurity "restricted:latest"', 'failed', 'E_ADMISSION'],
    ['failed calling webhook "a": connection refused', 'progressing', 'E_ADMISSION'],
    ['serviceaccount "a" not found', 'progressing', 'E_TIMEOUT'],
  ])('tells why its pods are refused: %s', (message, health, code) => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
    const refused = { ...replicaSet('api-2', '2'), status: { conditions } };
    const stale = { ...replicaSet('api-1', '1'), status: { conditions } };
    const starting = deployment({ updatedReplicas: 0 });
    expect(judge('Deployment', 'api', starting, refused)).toMatchObject({
      health,
      reasons: expect.arrayContaining([
        expect.objectContaining({ code, message: expect.stringContaining(message) }),
      ]),
    });
    expect(judge('Deployment', 'api', starting, stale, replicaSet('api-2', '2')).health).toBe('progressing');
  });

  it('makes progress while it does not exist or is paused', () => {
    expect(judge('Deployment', 'api').health).toBe('progressing');
    expect(judge('Deployment', 'api', deployment(whole, { replicas: 2, paused: true })).health).toBe(
      'progressing',
    );
  });

  it('failed when its deadline is over', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(judge('Deployment', 'api', deployment({ conditions }))).toMatchObject({
      health: 'failed',
      reasons: [{ code: 'E_TIMEOUT', kind: 'Deployment' }],
    });
  });

  it.each([
    ['CrashLoopBackOff', 3, 'failed', 'E_CRASHLOOP'],
    ['CrashLoopBackOff', 1, 'progressing', 'E_CRASHLOOP'],
    ['ImagePullBackOff', 0, 'failed', 'E_IMAGE_PULL'],
    ['ErrImagePull', 0, 'progressing', 'E_IMAGE_PULL'],
  ])('with a pod in %s after %i restarts is %s', (reason, restarts, health, code) => {
    const uid = { ...replicaSet('new', '2'), metadata: { ...replicaSet('new', '2').metadata, uid: 'new' } };
    const verdict = judge(
      'Deployment',
      'api',
      deployment({}),
      uid,
      pod('p', 'new', waiting(reason, restarts)),
    );
    expect(verdict).toMatchObject({
      health,
      reasons: expect.arrayContaining([expect.objectContaining({ code, pod: 'p' })]),
    });
  });

  it('is not judged by pods of its old template or on their way out', () => {
    const old = { ...replicaSet('old', '1'), metadata: { ...replicaSet('old', '1').metadata, uid: 'old' } };
    const fresh = { ...replicaSet('new', '2'), metadata: { ...replicaSet('new', '2').metadata, uid: 'new' } };
    const crash = waiting('CrashLoopBackOff', 9);
    const verdict = judge(
      'Deployment',
      'api',
      deployment({}),
      old,
      fresh,
      pod('a', 'old', crash),
      pod('b', 'new', crash, { deletionTimestamp: 't' }),
    );
    expect(verdict.health).toBe('progressing');
  });
});

describe('a StatefulSet', () => {
  const set = (spec: object, status: object): KubernetesObject =>
    object('StatefulSet', 'db', {
      spec: { replicas: 3, ...spec },
      status: { observedGeneration: 2, ...status },
    });

  it('is not waited for below its partition', () => {
    const spec = { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } };
    expect(judge('StatefulSet', 'db', set(spec, { updatedReplicas: 1, readyReplicas: 3 })).health).toBe(
      'healthy',
    );
    expect(judge('StatefulSet', 'db', set(spec, { updatedReplicas: 0, readyReplicas: 3 })).health).toBe(
      'progressing',
    );
  });

  it('is not waited for when pods are replaced by hand', () => {
    const spec = { updateStrategy: { type: 'OnDelete' } };
    expect(judge('StatefulSet', 'db', set(spec, { updatedReplicas: 0, readyReplicas: 3 })).health).toBe(
      'healthy',
    );
  });

  it('is whole when current and update revision are one', () => {
    const revisions = { currentRevision: 'db-1', updateRevision: 'db-1', readyReplicas: 3 };
    expect(judge('StatefulSet', 'db', set({}, revisions)).health).toBe('healthy');
    expect(judge('StatefulSet', 'db', set({}, { ...revisions, updateRevision: 'db-2' })).health).toBe(
      'progressing',
    );
  });
});

describe('other objects', () => {
  it.each([
    ['Service', { spec: { type: 'LoadBalancer' }, status: {} }, 'progressing'],
    [
      'Service',
      { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ hostname: 'a.example' }] } } },
      'healthy',
    ],
    [
      'Service',
      { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } } },
      'healthy',
    ],
    ['Service', { spec: { type: 'ClusterIP' } }, 'healthy'],
    ['Job', { status: { conditions: [{ type: 'Complete', status: 'True' }] } }, 'healthy'],
    ['Job', { status: {} }, 'progressing'],
    [
      'Job',
      { status: { conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }] } },
      'failed',
    ],
    ['PersistentVolumeClaim', { status: { phase: 'Lost' } }, 'failed'],
    ['PersistentVolumeClaim', { status: { phase: 'Pending' } }, 'healthy'],
    ['ConfigMap', {}, 'healthy'],
  ])('%s %j is %s', (kind, rest, health) => {
    expect(judge(kind, 'x', object(kind, 'x', rest)).health).toBe(health);
  });

  it('waits for a claim that a pod mounts, and names it as what keeps the pod', () => {
    const claim = object('PersistentVolumeClaim', 'data', { status: { phase: 'Pending' } });
    const user = object('Pod', 'p', {
      spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }] },
      status: { conditions: [{ type: 'PodScheduled', status: 'False', message: 'unbound' }] },
    });
    expect(judge('PersistentVolumeClaim', 'data', claim, user)).toMatchObject({
      health: 'progressing',
      reasons: [{ code: 'E_PVC' }],
    });
    expect(judge('Pod', 'p', claim, user)).toMatchObject({ reasons: [{ code: 'E_PVC' }, {}] });
  });
});

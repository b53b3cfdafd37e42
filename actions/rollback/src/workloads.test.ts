import { describe, expect, it } from '@jest/globals';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import type { LedgerWorkload } from '../../../toolkit/ledger/ledger.ts';
import { planWorkloads } from './workloads.ts';

const revisionKey = 'deployment.kubernetes.io/revision';
const object = (kind: string, name: string, more: Record<string, unknown> = {}): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'shop', uid: `${kind}-${name}`, ...(more.metadata as object) },
  ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'metadata')),
});
const ownedBy = (uid: string): { ownerReferences: KubernetesObject['metadata']['ownerReferences'] } => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind: 'x', name: 'x', uid }],
});
const replicaSet = (name: string, revision: string): KubernetesObject =>
  object('ReplicaSet', name, {
    metadata: { annotations: { [revisionKey]: revision }, ...ownedBy('Deployment-api') },
  });
const controllerRevision = (name: string, revision: number, owner: string): KubernetesObject =>
  object('ControllerRevision', name, { revision, metadata: ownedBy(owner) });
const deployment = (revision: string): KubernetesObject =>
  object('Deployment', 'api', { metadata: { annotations: { [revisionKey]: revision } } });

const api: LedgerWorkload = { kind: 'Deployment', name: 'api', template: 'api-good', revision: 1 };
const states = (recorded: LedgerWorkload[], live: KubernetesObject[]): unknown =>
  planWorkloads(recorded, live, []).map(({ state, revision }) => [state, revision]);

describe('planWorkloads', () => {
  it('finds the template by name and takes the number it has now', () => {
    // Its number was 1 when it was recorded; a use in between has made it 5.
    expect(states([api], [deployment('6'), replicaSet('api-good', '5'), replicaSet('api-bad', '6')])).toEqual(
      [['undo', 5]],
    );
  });

  it('leaves alone what runs the template already', () => {
    expect(states([api], [deployment('5'), replicaSet('api-good', '5')])).toEqual([['in-place', 5]]);
  });

  it('says when the template is gone', () => {
    expect(states([api], [deployment('6'), replicaSet('api-bad', '6')])).toEqual([['gone', 0]]);
    expect(states([api], [replicaSet('api-good', '5')])).toEqual([['gone', 5]]);
  });

  it('goes by updateRevision for StatefulSets and by the newest revision for DaemonSets', () => {
    const set = object('StatefulSet', 'db', { status: { updateRevision: 'db-2' } });
    const daemon = object('DaemonSet', 'log');
    const live = [
      set,
      daemon,
      controllerRevision('db-1', 1, 'StatefulSet-db'),
      controllerRevision('db-2', 2, 'StatefulSet-db'),
      controllerRevision('log-1', 1, 'DaemonSet-log'),
      controllerRevision('log-2', 2, 'DaemonSet-log'),
    ];
    const recorded = (template: string, kind: LedgerWorkload['kind'], name: string): LedgerWorkload => ({
      kind,
      name,
      template,
      revision: 0,
    });
    expect(
      states([recorded('db-1', 'StatefulSet', 'db'), recorded('log-2', 'DaemonSet', 'log')], live),
    ).toEqual([
      ['undo', 1],
      ['in-place', 2],
    ]);
  });

  it('holds what would take an engine back', () => {
    const set = object('StatefulSet', 'db', { status: { updateRevision: 'db-2' } });
    const plan = planWorkloads(
      [{ kind: 'StatefulSet', name: 'db', template: 'db-1', revision: 1 }],
      [set, controllerRevision('db-1', 1, 'StatefulSet-db')],
      [
        {
          kind: 'stateful-image',
          code: 'E_STATEFUL_DOWNGRADE',
          object: 'StatefulSet/db',
          ref: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' },
          field: '',
          message: '',
        },
      ],
    );
    expect(plan).toMatchObject([{ state: 'held' }]);
  });
});

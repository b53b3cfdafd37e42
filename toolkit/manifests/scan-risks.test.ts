import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ManifestObject } from './manifest-object.ts';
import { scanRisks } from './scan-risks.ts';

const object = (kind: string, spec: unknown, name = 'a', apiVersion = 'v1'): ManifestObject => ({
  apiVersion,
  kind,
  metadata: { name },
  spec,
});

const claim = (storage: string, name = 'data'): unknown => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
});

const statefulSet = (change: Record<string, unknown> = {}, image = 'mongo:7.0.4'): ManifestObject =>
  object('StatefulSet', {
    serviceName: 'mongo',
    replicas: 3,
    selector: { matchLabels: { app: 'mongo' } },
    template: {
      spec: { containers: [{ name: 'db', image, volumeMounts: [{ name: 'data', mountPath: '/data' }] }] },
    },
    volumeClaimTemplates: [claim('8Gi')],
    ...change,
  });

const kinds = (before: ManifestObject[], after: ManifestObject[]): string[] =>
  scanRisks(before, after, 'shop').map((risk) => `${risk.code} ${risk.object} ${risk.field}`);

describe('scanRisks', () => {
  it.each([
    ['spec.volumeClaimTemplates', { volumeClaimTemplates: [claim('16Gi')] }],
    ['spec.serviceName', { serviceName: 'other' }],
    ['spec.selector', { selector: { matchLabels: { app: 'other' } } }],
    ['spec.podManagementPolicy', { podManagementPolicy: 'Parallel' }],
  ])('names %s of a StatefulSet', (field, change) => {
    expect(kinds([statefulSet()], [statefulSet(change)])).toEqual([`E_STS_IMMUTABLE StatefulSet/a ${field}`]);
  });

  it('does not take written defaults for a change', () => {
    const written = {
      podManagementPolicy: 'OrderedReady',
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            resources: { requests: { storage: '8Gi' } },
            accessModes: ['ReadWriteOnce'],
            volumeMode: 'Filesystem',
          },
        },
      ],
    };
    expect(kinds([statefulSet()], [statefulSet(written)])).toEqual([]);
  });

  it.each([
    'PersistentVolumeClaim',
    'PersistentVolume',
    'StatefulSet',
    'CustomResourceDefinition',
    'Namespace',
  ])('sees a %s deleted, and one that is kept not', (kind) => {
    const one = object(kind, {});
    const kept = { ...one, metadata: { name: 'a', annotations: { 'helm.sh/resource-policy': 'keep' } } };
    expect(kinds([one], [])).toEqual([`E_DATA_LOSS ${kind}/a `]);
    expect(kinds([kept], [])).toEqual([]);
  });

  it('lets everything else be deleted', () => {
    expect(kinds([object('Deployment', {}), object('Service', {}), object('ConfigMap', {})], [])).toEqual([]);
  });

  it('sees a StatefulSet shrink, also to the default of one', () => {
    expect(kinds([statefulSet()], [statefulSet({ replicas: 1 })])).toEqual([
      'E_DATA_LOSS StatefulSet/a spec.replicas',
    ]);
    expect(kinds([statefulSet()], [statefulSet({ replicas: undefined })])).toHaveLength(1);
    expect(kinds([statefulSet({ replicas: 1 })], [statefulSet()])).toEqual([]);
  });

  it.each([
    [
      'Deployment',
      { selector: { matchLabels: { a: 'b' } } },
      { selector: { matchLabels: { a: 'c' } } },
      'spec.selector',
    ],
    [
      'PersistentVolumeClaim',
      { storageClassName: 'gp2' },
      { storageClassName: 'gp3' },
      'spec.storageClassName',
    ],
    [
      'PersistentVolumeClaim',
      { resources: { requests: { storage: '10Gi' } } },
      { resources: { requests: { storage: '9Gi' } } },
      'spec.resources.requests.storage',
    ],
    ['Job', { template: { spec: { a: 1 } } }, { template: { spec: { a: 2 } } }, 'spec.template'],
    ['Service', { clusterIP: 'None' }, {}, 'spec.clusterIP'],
    ['Service', { type: 'LoadBalancer' }, { type: 'ClusterIP' }, 'spec.type'],
  ])('names the field of a %s that never changes', (kind, before, after, field) => {
    expect(kinds([object(kind, before)], [object(kind, after)])).toEqual([`E_IMMUTABLE ${kind}/a ${field}`]);
  });

  it('lets a claim grow', () => {
    const sized = (storage: string): ManifestObject =>
      object('PersistentVolumeClaim', { resources: { requests: { storage } } });
    expect(kinds([sized('1024Mi')], [sized('1Gi')])).toEqual([]);
    expect(kinds([sized('1Gi')], [sized('2Gi')])).toEqual([]);
  });

  it('sees the image of an engine and of whatever mounts a claim', () => {
    const [down] = scanRisks([statefulSet()], [statefulSet({}, 'mongo:6.0.1')], 'shop');
    expect(down?.image).toMatchObject({ engine: 'mongo', direction: 'down' });
    const [app] = scanRisks([statefulSet({}, 'shop:1')], [statefulSet({}, 'shop:2')], 'shop');
    expect(app?.image).toMatchObject({ engine: undefined, direction: 'unknown' });
  });

  it('is silent about a manifest against itself, in any order', () => {
    const objects = [
      statefulSet(),
      object('Service', {}),
      object('PersistentVolumeClaim', {}),
      object('Namespace', {}),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(objects, { minLength: 4 }), (shuffled) => {
        expect(scanRisks(objects, shuffled, 'shop')).toEqual([]);
      }),
    );
  });

  it('reports exactly the data objects that are left out', () => {
    const all = ['p', 'q', 'r', 's'].map((name) => object('PersistentVolumeClaim', {}, name));
    fc.assert(
      fc.property(fc.subarray(all), (left) => {
        expect(scanRisks(all, left, 'shop')).toHaveLength(all.length - left.length);
      }),
    );
  });

  it('follows an object to another API version and does not confuse namespaces', () => {
    const old = object('Deployment', { selector: { a: 'b' } }, 'a', 'apps/v1beta1');
    expect(kinds([old], [object('Deployment', { selector: { a: 'c' } }, 'a', 'apps/v1')])).toHaveLength(1);
    const elsewhere = { ...object('PersistentVolumeClaim', {}), metadata: { name: 'a', namespace: 'other' } };
    expect(kinds([object('PersistentVolumeClaim', {})], [elsewhere])).toEqual([
      'E_DATA_LOSS PersistentVolumeClaim/a ',
    ]);
  });
});

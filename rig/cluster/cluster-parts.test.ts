import { describe, expect, it } from '@jest/globals';
import { splitDefinitions } from './apply-crds.ts';
import { authorityOf, kubeconfigText } from './kubeconfig.ts';
import { nodeManifests } from './nodes.ts';
import { withoutRealPods } from './stages.ts';
import { needsGrowth, volumeFor, type Claim } from './volumes.ts';

const pem = (name: string): string => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----`;

describe('the kubeconfig', () => {
  it('trusts the authority at the end of the server’s chain, and verifies', () => {
    const ca = authorityOf(`${pem('leaf')}\n${pem('authority')}\n`);
    const text = kubeconfigText({ server: 'https://127.70.255.1:6443', ca, token: 't' });
    expect(ca).toBe(`${pem('authority')}\n`);
    expect(text).toContain(Buffer.from(ca).toString('base64'));
    expect(text).not.toContain('insecure');
  });

  it('is refused without an authority', () => {
    expect(() => authorityOf(pem('leaf'))).toThrow('no certificate authority');
  });
});

describe('nodes', () => {
  it('have three zones in the pools that serve, and unique names', () => {
    const nodes = nodeManifests();
    const zones = (pool: string) =>
      nodes
        .filter(({ metadata }) => metadata.labels.pool === pool)
        .map(({ metadata }) => metadata.labels['topology.kubernetes.io/zone']);
    expect(new Set(zones('stateless')).size).toBe(3);
    expect(new Set(zones('stateful')).size).toBe(3);
    expect(zones('tools')).toHaveLength(1);
    expect(new Set(nodes.map(({ metadata }) => metadata.name)).size).toBe(nodes.length);
  });
});

describe('kwok’s stages', () => {
  const stage = (kind: string) => ({
    spec: { resourceRef: { kind }, selector: { matchExpressions: ['own'] } },
  });

  it('leave the rig’s pods alone', () => {
    expect(withoutRealPods(stage('Pod')).spec.selector.matchExpressions).toEqual([
      'own',
      {
        key: '.metadata.annotations["rig.gated-delivery.dev/run"]',
        ...{ operator: 'NotIn', values: ['true'] },
      },
    ]);
  });

  it('are kept as they are for nodes', () => {
    expect(withoutRealPods(stage('Node'))).toEqual(stage('Node'));
  });
});

describe('volumes', () => {
  const claim = (more: Partial<Claim['spec']> = {}): Claim => ({
    metadata: {
      ...{ name: 'data-db-0', namespace: 'shop', uid: 'u', resourceVersion: '1' },
      annotations: { 'volume.kubernetes.io/selected-node': 'stateful-a' },
    },
    spec: {
      storageClassName: 'gp3',
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
      ...more,
    },
  });

  it('are made for a claim whose pod has a node', () => {
    expect(volumeFor(claim(), '/volumes')).toMatchObject({
      metadata: { name: 'pvc-u' },
      spec: {
        capacity: { storage: '1Gi' },
        claimRef: { namespace: 'shop', name: 'data-db-0', uid: 'u' },
        hostPath: { path: '/volumes/pvc-u' },
      },
    });
  });

  it.each([
    ['before its pod is scheduled', { ...claim(), metadata: { ...claim().metadata, annotations: {} } }],
    ['when it is bound', claim({ volumeName: 'pvc-u' })],
    ['for another class', claim({ storageClassName: 'nfs' })],
  ])('are not made %s', (_, given) => {
    expect(volumeFor(given, '/volumes')).toBeUndefined();
  });

  it('grow when a bound claim asks for more', () => {
    const bound = { phase: 'Bound', capacity: { storage: '1Gi' } };
    const larger = claim({ resources: { requests: { storage: '2Gi' } } });
    expect(needsGrowth({ ...claim(), status: bound })).toBe(false);
    expect(needsGrowth({ ...larger, status: bound })).toBe(true);
    expect(needsGrowth({ ...larger, status: { phase: 'Pending' } })).toBe(false);
  });
});

describe('custom resource definitions', () => {
  it('are taken one by one out of a file, and nothing else with them', () => {
    const definition = (name: string): string =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${name}\n`;
    const file = `---\n${definition('a.example.com')}---\nkind: ConfigMap\nmetadata:\n  name: c\n---\n${definition('"b.example.com"')}`;
    expect(splitDefinitions(file).map(({ name }) => name)).toEqual(['a.example.com', 'b.example.com']);
  });
});

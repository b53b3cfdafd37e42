import { describe, expect, it } from '@jest/globals';
import { apisUsed, removedApis, storedVersionsLost } from './server-risks.ts';

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } };
const cronTab = { apiVersion: 'x.io/v1', kind: 'CronTab', metadata: { name: 'a' } };
const definition = (versions: string[]): typeof deployment & { spec: unknown } => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'crontabs.x.io' },
  spec: {
    group: 'x.io',
    names: { kind: 'CronTab' },
    versions: versions.map((name) => ({ name, served: true })),
  },
});
const served = [
  { group: 'apps', version: 'v1', kind: 'Deployment' },
  { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' },
  { group: '', version: 'v1', kind: 'Pod' },
];

describe('removedApis', () => {
  it('names what the server does not serve', () => {
    const old = { ...deployment, apiVersion: 'extensions/v1beta1' };
    expect(removedApis([deployment, { ...deployment, apiVersion: 'v1', kind: 'Pod' }], served)).toEqual([]);
    expect(removedApis([old, deployment], served).map((risk) => risk.message)).toEqual([
      'Deployment/a uses extensions/v1beta1, which the server does not serve',
    ]);
  });

  it('counts what the manifest itself defines', () => {
    expect(removedApis([cronTab], served)).toHaveLength(1);
    expect(removedApis([definition(['v1']), cronTab], served)).toEqual([]);
  });
});

describe('storedVersionsLost', () => {
  const live = (storedVersions: string[]): { metadata: { name: string }; status: unknown } => ({
    metadata: { name: 'crontabs.x.io' },
    status: { storedVersions },
  });

  it('refuses to forget a version that objects are stored in', () => {
    expect(storedVersionsLost([definition(['v1'])], [live(['v1', 'v2'])])).toMatchObject([
      { code: 'E_CRD', object: 'CustomResourceDefinition/crontabs.x.io' },
    ]);
    expect(storedVersionsLost([definition(['v1', 'v2'])], [live(['v1'])])).toEqual([]);
    expect(storedVersionsLost([definition(['v1'])], [])).toEqual([]);
  });
});

describe('apisUsed', () => {
  it('lists each once', () => {
    expect(apisUsed([deployment, cronTab, deployment])).toEqual(['apps/v1 Deployment', 'x.io/v1 CronTab']);
  });
});

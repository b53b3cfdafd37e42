import { describe, expect, it } from '@jest/globals';
import { fakeKubernetes } from '../../../toolkit/kubernetes/fake-kubernetes.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { scanRisks } from '../../../toolkit/manifests/scan-risks.ts';
import { liveWorkloads, withRecordedImages } from './application-objects.ts';

const workload = (kind: string, name: string, image: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: 'shop' },
  spec: { template: { spec: { containers: [{ name: 'main', image }] } } },
});
const database = workload('StatefulSet', 'db', 'mongo:7.0.1');
const api = workload('Deployment', 'api', 'shop/api:2');
const recorded = (name: string, image: string) => ({ workload: name, container: 'main', image, digest: '' });
const risks = (images: Parameters<typeof withRecordedImages>[1]) =>
  scanRisks([database, api], withRecordedImages([database, api], images), 'shop');

describe('the data of an Application', () => {
  it('is read from the objects Argo CD made', async () => {
    const application: KubernetesObject = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'shop', namespace: 'argocd' },
      spec: { destination: { namespace: 'shop' } },
      status: {
        resources: [
          { group: 'apps', kind: 'StatefulSet', name: 'db', namespace: 'shop' },
          { kind: 'ConfigMap', name: 'settings', namespace: 'shop' },
          { group: 'apps', kind: 'Deployment', name: 'gone', namespace: 'shop' },
        ],
      },
    };
    const live = await liveWorkloads(fakeKubernetes([database]), application);
    expect(live.map(({ metadata }) => metadata.name)).toEqual(['db']);
    expect(await liveWorkloads(fakeKubernetes(), undefined)).toEqual([]);
  });

  it('is at stake when an engine would go back', () => {
    const older = [recorded('StatefulSet/db', 'mongo:6.0.0'), recorded('Deployment/api', 'shop/api:1')];
    expect(risks(older)).toMatchObject([{ code: 'E_STATEFUL_DOWNGRADE', image: { direction: 'down' } }]);
  });

  it('is safe when its engine stays', () => {
    expect(risks([recorded('StatefulSet/db', 'mongo:7.0.1')])).toEqual([]);
  });

  it('is at stake when nobody recorded what it goes back to', () => {
    expect(risks([])).toMatchObject([
      { code: 'E_STATEFUL_DOWNGRADE', image: { direction: 'unknown', to: 'an image that was not recorded' } },
    ]);
  });
});

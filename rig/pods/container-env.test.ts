import { describe, expect, it } from '@jest/globals';
import { containerEnv, expand, type References } from './container-env.ts';
import type { ContainerSpec, Pod } from './pod.ts';

const pod: Pod = {
  metadata: {
    ...{ name: 'backend-1', namespace: 'shop', uid: 'u1', resourceVersion: '1' },
    labels: { track: 'canary' },
    annotations: { 'a/b': 'c' },
  },
  spec: { nodeName: 'node-1', serviceAccountName: 'backend', containers: [] },
};
const references: References = {
  configMap: (name) => (name === 'settings' ? { CURRENCY: 'EUR', LEVEL: 'info' } : undefined),
  secret: (name) => (name === 'credentials' ? { PASSWORD: 's3cret' } : undefined),
};
const resolve = (container: Partial<ContainerSpec>) =>
  containerEnv(
    pod,
    { name: 'app', image: 'i', ...container },
    { podIP: '127.70.128.1', hostIP: '127.70.255.1' },
    references,
  );
const field = (fieldPath: string) => ({ name: 'F', valueFrom: { fieldRef: { fieldPath } } });

describe('a container’s variables', () => {
  it('come from envFrom, then env, the later winning', () => {
    const result = resolve({
      envFrom: [
        { configMapRef: { name: 'settings' } },
        { prefix: 'DB_', secretRef: { name: 'credentials' } },
      ],
      env: [
        { name: 'LEVEL', value: 'debug' },
        { name: 'TEXT', value: 'pays in $(CURRENCY)' },
        { name: 'EMPTY' },
      ],
    });
    expect(result).toEqual({
      kind: 'env',
      env: { CURRENCY: 'EUR', LEVEL: 'debug', DB_PASSWORD: 's3cret', TEXT: 'pays in EUR', EMPTY: '' },
    });
  });

  it.each([
    ['metadata.name', 'backend-1'],
    ['metadata.namespace', 'shop'],
    ["metadata.labels['track']", 'canary'],
    ["metadata.annotations['a/b']", 'c'],
    ['spec.nodeName', 'node-1'],
    ['status.podIP', '127.70.128.1'],
    ['status.hostIP', '127.70.255.1'],
  ])('can be the pod’s %s', (path, value) => {
    expect(resolve({ env: [field(path)] })).toEqual({ kind: 'env', env: { F: value } });
  });

  it('can be a key of a ConfigMap or Secret, or a limit', () => {
    const result = resolve({
      resources: { limits: { memory: '64Mi' } },
      env: [
        { name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'LEVEL' } } },
        { name: 'B', valueFrom: { secretKeyRef: { name: 'credentials', key: 'PASSWORD' } } },
        { name: 'C', valueFrom: { secretKeyRef: { name: 'credentials', key: 'NO', optional: true } } },
        { name: 'D', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
      ],
    });
    expect(result).toEqual({ kind: 'env', env: { A: 'info', B: 's3cret', D: '67108864' } });
  });

  it.each([
    [{ envFrom: [{ secretRef: { name: 'gone' } }] }, 'secret "gone" not found'],
    [
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'gone', key: 'K' } } }] },
      'configmap "gone" not found',
    ],
    [
      { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'K' } } }] },
      "couldn't find key K in configmap shop/settings",
    ],
  ])('name what is missing: %j', (container, message) => {
    expect(resolve(container)).toEqual({ kind: 'missing', message });
  });

  it('leave out what is optional and missing', () => {
    const envFrom = [{ secretRef: { name: 'gone', optional: true } }];
    expect(resolve({ envFrom })).toEqual({ kind: 'env', env: {} });
  });
});

describe('expansion', () => {
  it.each([
    ['$(A)-$(B)', '1-$(B)'],
    ['$$(A)', '$(A)'],
    ['$A $', '$A $'],
  ])('%s', (text, expected) => {
    expect(expand(text, { A: '1' })).toBe(expected);
  });
});

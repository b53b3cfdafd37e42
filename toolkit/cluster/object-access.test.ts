import { describe, expect, it } from '@jest/globals';
import { accessFor } from './object-access.ts';

describe('accessFor', () => {
  it.each([
    ['|ConfigMap|shop|a', 'configmaps', 'shop'],
    ['apps|Deployment|shop|a', 'deployments.apps', 'shop'],
    ['networking.k8s.io|Ingress|shop|a', 'ingresses.networking.k8s.io', 'shop'],
    ['networking.k8s.io|NetworkPolicy|shop|a', 'networkpolicies.networking.k8s.io', 'shop'],
    ['storage.k8s.io|StorageClass||a', 'storageclasses.storage.k8s.io', undefined],
    ['|Endpoints|shop|a', 'endpoints', 'shop'],
  ])('asks about %s as %s', (key, resource, namespace) => {
    expect(accessFor([{ change: 'removed', key }])).toEqual(
      ['get', 'delete'].map((verb) => ({
        verb,
        resource,
        ...(namespace === undefined ? {} : { namespace }),
      })),
    );
  });

  it('asks each question once, and nothing about custom resources', () => {
    const changes = [
      { change: 'added', key: '|Secret|shop|a' },
      { change: 'added', key: '|Secret|shop|b' },
      { change: 'changed', key: '|Secret|shop|c' },
      { change: 'added', key: 'example.com|Gadget|shop|a' },
    ] as const;
    expect(accessFor(changes).map(({ verb }) => verb)).toEqual(['create', 'patch', 'get']);
  });
});

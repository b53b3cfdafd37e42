import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffManifests } from './diff-manifests.ts';
import type { ManifestObject } from './manifest-object.ts';

const secret = (data: Record<string, string>): ManifestObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 's' },
  data,
});
const deployment = (image: string, env: unknown[] = []): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { template: { spec: { containers: [{ name: 'app', image, env }] } } },
});

describe('diffManifests', () => {
  it('names fields by their containers', () => {
    expect(diffManifests([deployment('a:1')], [deployment('a:2')], 'shop')).toEqual([
      {
        change: 'changed',
        object: 'Deployment/d',
        key: 'apps|Deployment|shop|d',
        fields: [{ path: 'spec.template.spec.containers[app].image', before: '"a:1"', after: '"a:2"' }],
      },
    ]);
  });

  it('says what comes and goes', () => {
    const changes = diffManifests([secret({})], [deployment('a')], 'shop');
    expect(changes.map((change) => [change.change, change.object])).toEqual([
      ['removed', 'Secret/s'],
      ['added', 'Deployment/d'],
    ]);
  });

  it('never shows a value of a Secret, and still says that it changed', () => {
    const value = fc.string({ minLength: 8, unit: fc.constantFrom('q', 'w', '7', 'Z') });
    fc.assert(
      fc.property(value, value, (before, after) => {
        const changes = diffManifests([secret({ k: before })], [secret({ k: after })], 'shop');
        expect(changes).toHaveLength(before === after ? 0 : 1);
        expect(JSON.stringify(changes)).not.toContain(before);
        expect(JSON.stringify(changes)).not.toContain(after);
      }),
    );
  });

  it.each([
    ['a named environment variable', [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }]],
    ['an address with a password', [{ name: 'DB', value: 'mongodb://u:hunter2hunter2@db/x' }]],
  ])('hides %s', (_, env) => {
    const text = JSON.stringify(diffManifests([deployment('a')], [deployment('a', env)], 'shop'));
    expect(text).toContain('(redacted)');
    expect(text).not.toContain('hunter2');
  });

  it('shows which Secret a container reads', () => {
    const env = [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }];
    const text = JSON.stringify(diffManifests([deployment('a')], [deployment('a', env)], 'shop'));
    expect(text).toContain('\\"db\\"');
  });
});

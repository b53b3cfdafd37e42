import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findLeftovers, leftoverPatch } from './leftovers.ts';
import type { ManifestObject } from './manifest-object.ts';

interface Pod {
  readonly containers: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

const deployment = (spec: Pod, more: Record<string, unknown> = {}): ManifestObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api' },
  spec: { template: { spec }, ...more },
});
const app = { name: 'app', image: 'a:1' };
const proxy = { name: 'proxy', image: 'p:1' };
const plain = deployment({ containers: [app] });

const fieldsLeft = (given: ManifestObject[], target: ManifestObject, live: ManifestObject): string[] =>
  findLeftovers(given, target, live).map(({ field }) => field);

describe('findLeftovers', () => {
  it('finds a container that a given-up revision added', () => {
    const both = deployment({ containers: [proxy, app] });
    expect(findLeftovers([both], plain, both)).toEqual([
      {
        field: 'spec.template.spec.containers[proxy]',
        patch: [
          { op: 'test', path: '/spec/template/spec/containers/0/name', value: 'proxy' },
          { op: 'remove', path: '/spec/template/spec/containers/0' },
        ],
      },
    ]);
  });

  it('finds fields, map entries and environment variables, also where the target has none at all', () => {
    const bad = deployment({
      containers: [{ ...app, env: [{ name: 'X', value: '1' }], tty: true }],
      nodeSelector: { no: 'node' },
    });
    const target = deployment({ containers: [app], nodeSelector: {} });
    expect(fieldsLeft([bad], target, bad)).toEqual([
      'spec.template.spec.containers[app].env',
      'spec.template.spec.containers[app].tty',
      'spec.template.spec.nodeSelector.no',
    ]);
  });

  it('leaves alone what no given-up revision wrote', () => {
    const live = deployment({
      containers: [{ ...app, imagePullPolicy: 'Always' }, proxy],
      restartPolicy: 'Always',
    });
    expect(fieldsLeft([deployment({ containers: [{ ...app, image: 'a:2' }] })], plain, live)).toEqual([]);
  });

  it('leaves the number of replicas to whoever chose it', () => {
    const sized = deployment({ containers: [app] }, { replicas: 5 });
    expect(fieldsLeft([sized], plain, sized)).toEqual([]);
  });

  it('takes several items of one list out from the back', () => {
    const live = deployment({ containers: [proxy, app, { name: 'agent' }] });
    const removed = leftoverPatch(findLeftovers([live], plain, live)).flatMap((operation) =>
      operation.op === 'remove' ? [operation.path] : [],
    );
    expect(removed).toEqual(['/spec/template/spec/containers/2', '/spec/template/spec/containers/0']);
  });

  it('escapes names in pointers', () => {
    const bad = { ...plain, metadata: { name: 'api', annotations: { 'a.io/b~c': 'x' } } };
    expect(leftoverPatch(findLeftovers([bad], plain, bad))).toEqual([
      { op: 'remove', path: '/metadata/annotations/a.io~1b~0c' },
    ]);
  });

  it('makes the target of target and given-up merged, whatever both hold', () => {
    const value = fc.constantFrom('1', '2');
    const data = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value);
    const map = (content: Record<string, string>): ManifestObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'm' },
      data: content,
    });
    fc.assert(
      fc.property(data, data, (bad, good) => {
        const live = map({ ...bad, ...good });
        const left = fieldsLeft([map(bad)], map(good), live).map((field) => field.slice('data.'.length));
        const rest = Object.keys(live.data as object).filter((key) => !left.includes(key));
        expect(rest.sort()).toEqual(Object.keys(good).sort());
      }),
    );
  });
});

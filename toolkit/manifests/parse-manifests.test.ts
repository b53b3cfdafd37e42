import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseManifests } from './parse-manifests.ts';

describe('parseManifests', () => {
  it('reads scalars as Kubernetes does', () => {
    const [object] = parseManifests(`apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data: {mode: 0644, on: yes, at: 12:30:45, day: 2001-01-01, quoted: "yes", hex: 0x10}
`);
    expect(object?.data).toEqual({
      mode: 420,
      true: true,
      at: '12:30:45',
      day: '2001-01-01',
      quoted: 'yes',
      hex: 16,
    });
  });

  it('leaves empty documents out and takes lists apart', () => {
    const text = `---
# Source: shop/templates/a.yaml
---
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Secret, metadata: {name: s}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}
---
`;
    expect(parseManifests(text).map((object) => object.metadata.name)).toEqual(['s', 'c']);
    expect(parseManifests('')).toEqual([]);
  });

  it.each([
    ['a: b', /document 1 .* no kind/],
    ['apiVersion: v1\nkind: Pod\nmetadata: {}', /document 1 .* no metadata.name/],
    ['---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\n{', /document 2 /],
    ['- a', /document 1 /],
  ])('refuses %j', (text, problem) => {
    expect(() => parseManifests(text)).toThrow(problem);
  });

  it('gives back any object that was written as YAML', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), (data) => {
        const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data };
        const text = stringify(object, { version: '1.1', defaultStringType: 'QUOTE_DOUBLE' });
        expect(parseManifests(`---\n${text}`)).toEqual([object]);
      }),
    );
  });
});

it.each(['<<: ', 'kind: *nobody', '? [a]\n: b', `${'? '.repeat(500)}a`])(
  'refuses what has no value: %s',
  (text) => {
    expect(() => parseManifests(text)).toThrow(/document 1 of the manifest is not an object/);
  },
);

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sortByNeeds } from './needs-order.ts';
import { parseBuild } from './parse-build.ts';

const build = `---
#  Source: helmfile.yaml
helmDefaults: {historyMax: 4}
releases:
  - {name: web, namespace: shop, chart: ./web, needs: [api, ctx/shop/db]}
  - {name: api, chart: ./api, needs: [shop/db]}
  - {name: db, namespace: shop, chart: repo/db, version: 1.2.3}
  - {name: old, namespace: shop, chart: ./old, installed: false}
`;

describe('parseBuild', () => {
  it('reads releases in needs order, with every form of a need', () => {
    const { releases, historyMax } = parseBuild(build, 'shop');
    expect(releases.map(({ name }) => name)).toEqual(['db', 'api', 'web', 'old']);
    expect(releases[2]?.needs).toEqual(['shop/api', 'shop/db']);
    expect(releases[3]?.installed).toBe(false);
    expect(historyMax).toBe(4);
  });

  it.each([
    ['releases: [{name: a, chart: ./a}]', true],
    ['repositories: [{name: r, url: u}]\nreleases: [{name: a, chart: ./a}]', false],
    ['hooks: [{events: [prepare]}]\nreleases: [{name: a, chart: ./a}]', false],
    ['releases: [{name: a, chart: ./a, hooks: [{events: [prepare]}]}]', false],
    ['releases: [{name: a, chart: ./a, dependencies: [{chart: r/b}]}]', false],
    ['releases: [{name: a, chart: ./a}]\n---\nreleases: [{name: b, chart: ./b}]', false],
  ])('tells whether reading %j runs and fetches nothing', (text, expected) => {
    expect(parseBuild(text, 'n').isPlain).toBe(expected);
  });

  it.each(['atomic', 'rollbackOnFailure'])('refuses %s wherever it is set', (option) => {
    const inDefaults = `helmDefaults: {${option}: true}\nreleases: [{name: a, chart: ./a}]`;
    const inRelease = `releases: [{name: a, chart: ./a, ${option}: true}]`;
    for (const text of [inDefaults, inRelease])
      expect(() => parseBuild(text, 'n')).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
    const overridden = `helmDefaults: {${option}: true}\nreleases: [{name: a, chart: ./a, ${option}: false}]`;
    expect(parseBuild(overridden, 'n').releases).toHaveLength(1);
  });

  it.each([
    ['a circle', 'releases: [{name: a, needs: [b]}, {name: b, needs: [a]}]'],
    ['an unknown need', 'releases: [{name: a, needs: [zzz]}]'],
    ['one name twice', 'releases: [{name: a}, {name: a}]'],
  ])('refuses %s', (_, text) => {
    expect(() => parseBuild(text, 'n')).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });
});

describe('sortByNeeds', () => {
  it('puts every release after all it needs', () => {
    const graph = fc
      .array(fc.array(fc.nat(30), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
      .map((needs) =>
        needs.map((list, index) => ({
          name: `r${index}`,
          namespace: 'n',
          chart: '',
          version: '',
          installed: true,
          // Only smaller numbers are needed, so there is no circle; the order is then shuffled by reversal.
          needs: list.filter((other) => other < index).map((other) => `n/r${other}`),
        })),
      );
    fc.assert(
      fc.property(graph, fc.boolean(), (releases, reverse) => {
        const sorted = sortByNeeds(reverse ? releases.toReversed() : releases);
        const place = new Map(sorted.map(({ name }, index) => [`n/${name}`, index]));
        expect(sorted).toHaveLength(releases.length);
        for (const { name, needs } of sorted)
          for (const need of needs) expect(place.get(need)!).toBeLessThan(place.get(`n/${name}`)!);
      }),
    );
  });
});

it.each([
  ['*a', /Unresolved alias/],
  ['releases: 3', /releases: /],
  ['releases: [{ name: { x: 1 } }]', /releases\.0\.name: /],
  ['releases: [', /cannot be read/],
])('refuses what helmfile never prints: %s', (text, expected) => {
  expect(() => parseBuild(text, 'a')).toThrow(expected);
});

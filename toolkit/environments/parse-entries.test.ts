import { describe, expect, it } from '@jest/globals';
import { parseEntries } from './parse-entries.ts';

const good = '- {branch: main, environment: production, namespace: production}\n';

describe('parseEntries', () => {
  it('reads every key', () => {
    const text = `- branch: ['feature/**', '!feature/wip/**']
  environment: preview/{slug}
  namespace: preview-{slug}
  preview: true
  ttl: 2d
  gate: none
  values: [values/preview.yaml]
  url: https://{slug}.example.com
  release: shop-{slug}
  allow-branch-takeover: true
`;
    expect(parseEntries(text, 'environments')).toEqual([
      {
        branch: ['feature/**', '!feature/wip/**'],
        environment: 'preview/{slug}',
        namespace: 'preview-{slug}',
        preview: true,
        ttlMs: 172_800_000,
        gate: 'none',
        values: ['values/preview.yaml'],
        url: 'https://{slug}.example.com',
        release: 'shop-{slug}',
        allowBranchTakeover: true,
        line: 1,
      },
    ]);
  });

  it.each([
    ['', /line 1: expected a list/],
    ['main: production', /line 1: expected a list/],
    [`${good}- main`, /line 2: an entry must be a map/],
    [`${good}- {branch: *, environment: a, namespace: b}`, /line 2: not valid YAML/],
    [`${good}- {branch: x, environment: a, namespace: b, namespce: c}`, /line 2: unknown key 'namespce'/],
    [
      `${good}- {branch: 1.0, environment: a, namespace: b}`,
      /line 2: 'branch' must be text: put it in quotes/,
    ],
    [`${good}- {environment: a, namespace: b}`, /line 2: 'branch' is missing/],
    [`${good}- {branch: x, namespace: b}`, /line 2: 'environment' is missing/],
    [`${good}- {branch: x, environment: a, namespace: B}`, /line 2: 'namespace' is 'B'/],
    [
      `${good}- {branch: x, environment: a, namespace: default}`,
      /line 2: 'namespace' default belongs to the cluster/,
    ],
    [`${good}- {branch: x, environment: a, namespace: kube-system}`, /line 2: .* belongs to the cluster/],
    [
      `${good}- {branch: x, environment: a, namespace: production}`,
      /line 2: 'namespace' production is environment/,
    ],
    [`${good}- {branch: x, environment: a, namespace: b, gate: maybe}`, /line 2: 'gate' is 'maybe'/],
    [`${good}- {branch: x, environment: a, namespace: b, ttl: 7d}`, /line 2: 'ttl' is for previews/],
    [`${good}- {branch: x, environment: a, namespace: b, preview: true}`, /line 2: a preview needs/],
    [`${good}- {branch: x, environment: 'a/{slug}', namespace: b}`, /line 2: .* environments would share it/],
    [`${good}- {branch: x, environment: a, namespace: 'b-{name}'}`, /line 2: .* only \{slug\} is filled in/],
    [
      `${good}- {branch: x, environment: a, namespace: b, values: [values/production.yaml]}`,
      /named for environment production/,
    ],
    [
      `${good}- {branch: x, environment: a, namespace: b, values: [production/values.yaml]}`,
      /named for environment production/,
    ],
    [
      `${good}- {branch: x, environment: a, namespace: b, values: [values.production.yaml]}`,
      /named for environment production/,
    ],
    [`${good}- {branch: refs/heads/x, environment: a, namespace: b}`, /line 2: 'branch' holds names/],
  ])('refuses %j', (text, problem) => {
    const read = (): unknown => parseEntries(text, 'environments');
    expect(read).toThrow(problem);
    expect(read).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });

  it('names the file it read', () => {
    expect(() => parseEntries('- x', '.github/environments.yml')).toThrow(
      /^\.github\/environments\.yml line 1:/,
    );
  });

  it('lets several branches share one environment and its namespace', () => {
    expect(
      parseEntries(
        `${good}- {branch: 'hotfix/*', environment: production, namespace: production}`,
        'environments',
      ),
    ).toHaveLength(2);
  });
});

it('refuses nested keys at once, which a parser could work on for hours', () => {
  expect(() => parseEntries(`${'? '.repeat(2_000)}a`, 'environments')).toThrow(/not valid YAML/);
});

import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../finding.ts';
import type { Waiver } from '../judged.ts';
import { waiverFor, waiverWarnings } from './apply-waivers.ts';
import { readWaivers } from './read-waivers.ts';

const finding: Finding = {
  tool: 'trivy-vuln',
  rule: 'CVE-2026-1',
  message: 'x',
  level: 'error',
  severity: 'high',
  location: { path: 'app/package-lock.json', startLine: 3 },
  vulnerability: {
    id: 'CVE-2026-1',
    aliases: ['GHSA-1'],
    purl: 'pkg:npm/a',
    installed: '1.0.0',
    role: 'app/package-lock.json',
  },
};

function own(over: Readonly<Record<string, string | undefined>> = {}): Waiver[] {
  const fields: Record<string, string | undefined> = {
    id: 'CVE-2026-1',
    reason: 'not reachable',
    expires: '2026-06-15',
    ...over,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return readWaivers(`waivers:\n  - ${lines.join('\n    ')}\n`, 'waivers.yaml');
}

const at = (text: string): number => Date.parse(text);

describe('a waiver', () => {
  it('ends at midnight UTC after its last day', () => {
    expect(waiverFor(finding, own(), at('2026-06-15T23:59:59.999Z'))).toMatchObject({
      reason: 'not reachable',
    });
    expect(waiverFor(finding, own(), at('2026-06-16T00:00:00Z'))).toBeUndefined();
  });

  it('is announced 14 days before its end, and after it', () => {
    const said = (now: string): string[] => waiverWarnings(own(), [finding], at(now));
    expect(said('2026-06-01T23:59:59Z')).toEqual([]);
    expect(said('2026-06-02T00:00:00Z')).toEqual([expect.stringContaining('in 14 days')]);
    expect(said('2026-06-15T12:00:00Z')).toEqual([expect.stringContaining('in 1 day')]);
    expect(said('2026-06-16T00:00:00Z')).toEqual([expect.stringContaining('the finding is back')]);
  });

  it('says nothing about what is not found', () => {
    expect(waiverWarnings(own({ id: 'CVE-9' }), [finding], at('2026-06-15T12:00:00Z'))).toEqual([]);
  });

  it.each([
    [{}, true],
    [{ id: 'ghsa-1' }, true],
    [{ id: 'CVE-2026-2' }, false],
    [{ purl: 'pkg:npm/a@1.0.0' }, true],
    [{ purl: 'pkg:npm/b' }, false],
    [{ path: '"app/**"' }, true],
    [{ path: './app/package-lock.json' }, true],
    [{ path: 'lib/**' }, false],
  ])('with %j covers: %s', (over, covered) => {
    expect(waiverFor(finding, own(over), at('2026-01-01')) !== undefined).toBe(covered);
  });
});

describe('the own format', () => {
  it.each([
    { reason: undefined },
    { reason: '""' },
    { expires: undefined },
    { expires: '15.06.2026' },
    { expires: '2026-02-30' },
    { expires: '2026-6-1' },
    { expires: 'never' },
    { expires: '20260615' },
    { purl: 'npm/a' },
    { until: '2026-06-15' },
  ])('refuses %j', (over) => {
    expect(() => own(over)).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });

  it.each(['waivers: 3', '- just text', '{', 'a: 1'])('refuses %j', (text) => {
    expect(() => readWaivers(text, 'w.yaml')).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });

  it.each(['', '[]', 'waivers: []'])('reads nothing from %j', (text) => {
    expect(readWaivers(text, 'w.yaml')).toEqual([]);
  });

  it('keeps who approved', () => {
    expect(own({ 'approved-by': 'security' })[0]?.approvedBy).toBe('security');
  });
});

describe('imported files', () => {
  it('.trivyignore', () => {
    const text = '# not reachable\n# from outside\nCVE-1 exp:2026-06-15\n\nDS-0002\n';
    expect(readWaivers(text, 'a/.trivyignore')).toEqual([
      { id: 'CVE-1', reason: 'not reachable from outside', expires: '2026-06-15', origin: 'a/.trivyignore' },
      { id: 'DS-0002', reason: 'no reason given', expires: undefined, origin: 'a/.trivyignore' },
    ]);
    expect(() => readWaivers('CVE-1 exp:soon', '.trivyignore')).toThrow(
      expect.objectContaining({ code: 'E_CONFIG' }),
    );
    expect(() => readWaivers('CVE-1 2026-06-15', '.trivyignore')).toThrow(
      expect.objectContaining({ code: 'E_CONFIG' }),
    );
  });

  it('.trivyignore.yaml', () => {
    const text = `vulnerabilities:
  - id: CVE-1
    purls: [pkg:npm/a@1.0.0]
    statement: not called
    expired_at: 2026-06-15
misconfigurations:
  - id: DS-0002
    paths: [a/Dockerfile, b/Dockerfile]
`;
    expect(readWaivers(text, '.trivyignore.yaml')).toMatchObject([
      { id: 'CVE-1', purl: 'pkg:npm/a', reason: 'not called', expires: '2026-06-15' },
      { id: 'DS-0002', path: 'a/Dockerfile' },
      { id: 'DS-0002', path: 'b/Dockerfile' },
    ]);
    expect(() => readWaivers(text.replace('2026-06-15', '2026-13-01'), '.trivyignore.yaml')).toThrow(
      expect.objectContaining({ code: 'E_CONFIG' }),
    );
  });

  it('.snyk, rules for all paths', () => {
    const text = `version: v1.25.0
ignore:
  SNYK-JS-A-1:
    - '*':
        reason: no fix
        expires: 2026-06-15T00:00:00.000Z
    - 'a > b':
        reason: elsewhere
`;
    expect(readWaivers(text, '.snyk')).toEqual([
      { id: 'SNYK-JS-A-1', reason: 'no fix', expires: '2026-06-15', origin: '.snyk' },
    ]);
  });

  it('OpenVEX, what is not affected or fixed', () => {
    const statements = [
      {
        vulnerability: { name: 'CVE-1', aliases: ['GHSA-1'] },
        products: [{ '@id': 'pkg:oci/shop', subcomponents: [{ '@id': 'pkg:npm/a@1.0.0' }] }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
      },
      { vulnerability: { name: 'CVE-2' }, status: 'under_investigation' },
    ];
    const text = JSON.stringify({ '@context': 'https://openvex.dev/ns/v0.2.0', author: 'us', statements });
    expect(readWaivers(text, 'shop.vex.json')).toMatchObject([
      { id: 'CVE-1', purl: 'pkg:npm/a', approvedBy: 'us' },
      { id: 'GHSA-1', purl: 'pkg:npm/a', reason: 'not_affected: vulnerable_code_not_in_execute_path' },
    ]);
    expect(() => readWaivers('{}', 'x.json')).toThrow(expect.objectContaining({ code: 'E_CONFIG' }));
  });

  it('warn when they never end', () => {
    const waivers = readWaivers('CVE-2026-1', '.trivyignore');
    expect(waiverWarnings(waivers, [finding], 0)).toEqual([expect.stringContaining('has no end')]);
  });
});

it.each(['.trivyignore.yaml', '.snyk', 'waivers.yaml'])('refuses aliases without an anchor in %s', (file) => {
  expect(() => readWaivers('ignore: *nobody', file)).toThrow(/is not YAML/);
});

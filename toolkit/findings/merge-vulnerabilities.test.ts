import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Finding, Severity } from './finding.ts';
import { barePurl, mergeVulnerabilities } from './merge-vulnerabilities.ts';

function report(
  tool: string,
  id: string,
  over: { aliases?: string[]; purl?: string; role?: string; severity?: Severity; fixedIn?: string } = {},
): Finding {
  return {
    tool,
    rule: id,
    message: 'the same title',
    level: 'error',
    severity: over.severity ?? 'high',
    location: { path: 'package-lock.json', startLine: 1 },
    vulnerability: {
      id,
      aliases: over.aliases ?? [],
      purl: over.purl ?? 'pkg:npm/lodash',
      installed: '4.17.20',
      fixedIn: over.fixedIn,
      role: over.role ?? 'package-lock.json',
    },
  };
}

describe('mergeVulnerabilities', () => {
  it('makes one row of the same CVE from two tools, with both severities, of which the graver counts', () => {
    const reports = [
      report('trivy-vuln', 'CVE-2021-23337', { severity: 'medium' }),
      report('snyk-open-source', 'SNYK-JS-LODASH-1040724', {
        aliases: ['CVE-2021-23337', 'GHSA-35jh-r3h4-6jhm'],
        severity: 'critical',
        fixedIn: '4.17.21',
      }),
    ];
    const [row, ...more] = mergeVulnerabilities(reports);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      rule: 'CVE-2021-23337',
      severity: 'critical',
      level: 'error',
      vulnerability: { id: 'CVE-2021-23337', fixedIn: '4.17.21' },
      sources: [
        { tool: 'trivy-vuln', rule: 'CVE-2021-23337', severity: 'medium' },
        { tool: 'snyk-open-source', rule: 'SNYK-JS-LODASH-1040724', severity: 'critical' },
      ],
    });
    expect(row?.parts).toEqual(reports);
  });

  it('keeps the same CVE in another package or another artifact apart', () => {
    const rows = mergeVulnerabilities([
      report('a', 'CVE-1'),
      report('b', 'CVE-1', { purl: 'pkg:npm/lodash-es' }),
      report('b', 'CVE-1', { role: 'image:shop' }),
    ]);
    expect(rows).toHaveLength(3);
  });

  it('never goes by the title', () => {
    expect(mergeVulnerabilities([report('a', 'CVE-1'), report('b', 'CVE-2')])).toHaveLength(2);
  });

  it('joins two ids through a third report that knows both, whatever the order', () => {
    const reports = [
      report('a', 'CVE-1'),
      report('b', 'GHSA-1'),
      report('c', 'SNYK-1', { aliases: ['GHSA-1', 'CVE-1'] }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(reports, { minLength: 3 }), (shuffled) => {
        const rows = mergeVulnerabilities(shuffled);
        expect(rows.map((row) => row.rule)).toEqual(['CVE-1']);
      }),
    );
  });

  it('collapses the rows a tool writes for each path to a package', () => {
    const [row, ...more] = mergeVulnerabilities([report('snyk', 'CVE-1'), report('snyk', 'CVE-1')]);
    expect(more).toEqual([]);
    expect(row?.tool).toBe('snyk');
    expect(row?.sources).toBeUndefined();
  });

  it('leaves other findings as they are, and loses none', () => {
    const secret: Finding = { ...report('x', 'r'), vulnerability: undefined };
    const id = fc.constantFrom('CVE-1', 'CVE-2', 'GHSA-1', 'GHSA-2');
    const one = fc.record({ id, aliases: fc.array(id), purl: fc.constantFrom('pkg:npm/a', 'pkg:npm/b') });
    fc.assert(
      fc.property(fc.array(one), (items) => {
        const reports = items.map((item) => report('t', item.id, item));
        const rows = mergeVulnerabilities([secret, ...reports]);
        expect(rows[0]).toBe(secret);
        const held = rows.slice(1).flatMap((row) => row.parts ?? [row]);
        expect(held).toHaveLength(reports.length);
      }),
    );
  });
});

describe('barePurl', () => {
  it.each([
    ['pkg:npm/lodash@4.17.20', 'pkg:npm/lodash'],
    ['pkg:npm/%40scope/a@1.0.0', 'pkg:npm/%40scope/a'],
    ['pkg:npm/@scope/a', 'pkg:npm/@scope/a'],
    ['pkg:apk/alpine/libssl3@3.3.1-r0?arch=x86_64&distro=3.20.1', 'pkg:apk/alpine/libssl3'],
    ['pkg:golang/github.com/a/b@v1.2.3#sub', 'pkg:golang/github.com/a/b'],
  ])('%s → %s', (purl, bare) => {
    expect(barePurl(purl)).toBe(bare);
  });
});

import { describe, expect, it } from '@jest/globals';
import { checkRunOf } from './check-run.ts';
import { fingerprint } from './fingerprint.ts';
import type { Finding } from './finding.ts';
import { buildReport, type Observed } from './report.ts';

const options = { name: 'lint', headSha: 'a'.repeat(40), detailsUrl: '' };
const policy = { failing: new Set(['error'] as const), newOnly: true };

function finding(index: number, more: Partial<Finding> = {}): Finding {
  const location = { path: 'a b.js', startLine: index + 1, startColumn: 2, endColumn: 5 };
  return { tool: 'eslint', rule: `rule-${index}`, message: `m${index}`, level: 'error', location, ...more };
}

function observed(findings: readonly Finding[], old: readonly Finding[] = []): Observed {
  const read = (): string => '';
  return {
    results: [{ tool: 'eslint', target: '.', status: 'ran', version: '10.0.0', findings }],
    findings: fingerprint(findings, read),
    baseline: { kind: 'compared', base: 'b'.repeat(40), findings: fingerprint(old, read) },
  };
}

describe('checkRunOf', () => {
  it('shows new findings first, each with its level, place and suggestion', () => {
    const old = finding(0);
    const warning = finding(1, { level: 'warning', suggestion: 'const a = 1;' });
    const check = checkRunOf(buildReport('lint', observed([old, warning], [old]), policy), options);
    expect(check.conclusion).toBe('success');
    expect(check.title).toBe('1 new of 2');
    expect(check.annotations).toEqual([
      expect.objectContaining({
        path: 'a b.js',
        startLine: 2,
        startColumn: 2,
        endColumn: 5,
        level: 'warning',
        message: 'm1',
        details: 'Suggested:\nconst a = 1;',
      }),
      expect.objectContaining({
        level: 'failure',
        title: expect.stringContaining('known before') as unknown,
      }),
    ]);
  });

  it.each([
    ['findings', observed([finding(0)]), 'failure'],
    ['pass', observed([]), 'success'],
    [
      'skipped',
      { ...observed([]), results: [{ tool: 'x', target: '.', status: 'skipped', reason: 'r' } as const] },
      'neutral',
    ],
    [
      'tool-error',
      {
        ...observed([]),
        results: [{ tool: 'x', target: '.', status: 'tool-error', message: 'm', detail: '' } as const],
      },
      'failure',
    ],
  ])('concludes %s', (kind, input, conclusion) => {
    const report = buildReport('lint', input, policy);
    expect(report.verdict.kind).toBe(kind);
    expect(checkRunOf(report, options).conclusion).toBe(conclusion);
  });

  it('cuts a thousand and one annotations and says so', () => {
    const many = Array.from({ length: 1_001 }, (_, index) => finding(index));
    const check = checkRunOf(buildReport('lint', observed(many), policy), options);
    expect(check.annotations).toHaveLength(1_000);
    expect(check.summary).toMatch(/^Showing 1000 of 1001 findings/);
  });
});

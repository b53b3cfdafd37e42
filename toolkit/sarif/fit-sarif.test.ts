import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Judged } from '../findings/judged.ts';
import { fitSarif } from './fit-sarif.ts';
import type { SarifLog } from './sarif-types.ts';
import { toSarif } from './write-sarif.ts';

function logOf(count: number): SarifLog {
  const findings = Array.from({ length: count }, (_, index): Judged => ({
    finding: {
      tool: 't',
      rule: `rule-${index}`,
      message: 'm'.repeat(100),
      level: 'warning',
      location: { path: 'a', startLine: index + 1 },
    },
    id: String(index),
    lineId: undefined,
    partial: {},
    state: 'new',
  }));
  const ran = { tool: 't', target: '.', status: 'ran' as const, version: '1', findings: [] };
  return toSarif(ran, findings, { category: 'scan/t', compared: false });
}

describe('fitSarif', () => {
  it('leaves what fits as it is', () => {
    const log = logOf(3);
    expect(fitSarif(log, 1_000_000, (text) => text.length)).toBe(log);
  });

  it('keeps the most results that fit, with their rules, and says what went', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2_000, max: 20_000 }), (maxBytes) => {
        const log = logOf(80);
        const run = fitSarif(log, maxBytes, (text) => text.length).runs[0]!;
        expect(run.results.length).toBeLessThan(80);
        expect(JSON.stringify({ ...log, runs: [run] }).length).toBeLessThanOrEqual(maxBytes);
        for (const result of run.results) {
          expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
        }
        const left = 80 - run.results.length;
        const said = run.invocations[0]?.toolExecutionNotifications?.at(-1)?.message.text;
        expect(said).toMatch(new RegExp(`^${left} of 80 results are left out`));
      }),
    );
  });
});

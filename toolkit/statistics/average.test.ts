import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { averageEvidence } from './average.ts';

const evidence = fc.array(
  fc.record({
    name: fc.string(),
    weight: fc.double({ min: 0.01, max: 10, noNaN: true }),
    logE: fc.double({ min: -1e4, max: 1e4, noNaN: true }),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('averageEvidence', () => {
  it('names the culprit', () => {
    const { logE, parts } = averageEvidence([
      { name: 'errors', weight: 2, logE: Math.log(300) },
      { name: 'latency', weight: 1, logE: Math.log(30) },
      { name: 'memory', weight: 1, logE: 0 },
    ]);
    expect(Math.exp(logE)).toBeCloseTo((2 * 300 + 30 + 1) / 4, 9);
    expect(parts.map(({ name }) => name)).toEqual(['errors', 'latency', 'memory']);
    expect(parts[0]?.part).toBeCloseTo(600 / 631, 9);
  });

  it('lies between the least and the most, and decides whenever weighted Bonferroni does', () => {
    fc.assert(
      fc.property(evidence, (items) => {
        const total = items.reduce((sum, { weight }) => sum + weight, 0);
        const { logE, parts } = averageEvidence(items);
        const logs = items.map((item) => item.logE);
        expect(logE).toBeLessThanOrEqual(Math.max(...logs) + 1e-9);
        expect(logE).toBeGreaterThanOrEqual(Math.min(...logs) - 1e-9);
        const bonferroni = Math.max(...items.map((item) => item.logE + Math.log(item.weight / total)));
        expect(logE).toBeGreaterThanOrEqual(bonferroni - 1e-9);
        expect(parts.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(1, 9);
      }),
      { seed: 1 },
    );
  });

  it('is exactly 1 when no metric knows anything, and refuses to average nothing', () => {
    const nothing = ['a', 'b', 'c'].map((name) => ({ name, weight: 0.1, logE: 0 }));
    expect(averageEvidence(nothing).logE).toBe(0);
    expect(() => averageEvidence([])).toThrow(RangeError);
    expect(averageEvidence([{ name: 'a', weight: 1, logE: -Infinity }])).toEqual({
      logE: -Infinity,
      parts: [{ name: 'a', part: 0 }],
    });
  });
});

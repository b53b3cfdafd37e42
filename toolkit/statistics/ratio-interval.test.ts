import { describe, expect, it } from '@jest/globals';
import { logBinomial } from './binomial.ts';
import { ratioInterval } from './ratio-interval.ts';

const look = (x: number, n: number, y: number, m: number) => ({
  canary: { events: x, total: n },
  stable: { events: y, total: m },
});

describe('ratioInterval', () => {
  it('knows nothing without events', () => {
    expect(ratioInterval(0.05).update(look(0, 100, 0, 900))).toEqual({ estimate: 1, low: 0, high: Infinity });
  });

  it('closes in on the odds ratio', () => {
    const interval = ratioInterval(0.05);
    const first = interval.update(look(20, 500, 40, 4000));
    let last = first;
    for (let i = 0; i < 40; i += 1) last = interval.update(look(20, 500, 40, 4000));
    const ratio = (20 / 480 / 40) * 3960;
    expect(last.estimate).toBeCloseTo(ratio, 1);
    expect(first.low).toBeLessThan(last.low);
    expect(first.high).toBeGreaterThan(last.high);
    expect(last.low).toBeLessThan(ratio);
    expect(last.high).toBeGreaterThan(ratio);
    expect(last.high / last.low).toBeLessThan(1.8);
  });

  it('turns round when the arms change places', () => {
    const one = ratioInterval(0.05).update(look(30, 500, 40, 1500));
    const other = ratioInterval(0.05).update(look(40, 1500, 30, 500));
    expect(other.estimate).toBeCloseTo(1 / one.estimate, 6);
    expect(other.low).toBeCloseTo(1 / one.high, 6);
    expect(other.high).toBeCloseTo(1 / one.low, 6);
  });

  it('covers the truth at least as often as it says, over every outcome of one look', () => {
    const [n, m] = [60, 90];
    for (const [p, q] of [
      [0.2, 0.2],
      [0.3, 0.1],
    ] as const) {
      const truth = (p / (1 - p) / q) * (1 - q);
      let covered = 0;
      for (let x = 0; x <= n; x += 1) {
        for (let y = 0; y <= m; y += 1) {
          const { low, high } = ratioInterval(0.1).update(look(x, n, y, m));
          const chance = Math.exp(logBinomial(x, n, p / (1 - p)) + logBinomial(y, m, q / (1 - q)));
          if (low <= truth && truth <= high) covered += chance;
        }
      }
      expect(covered).toBeGreaterThanOrEqual(0.9);
      expect(covered).toBeLessThanOrEqual(1 + 1e-9);
    }
  });

  it('stays finite and ordered with very many and very one-sided events', () => {
    for (const counts of [look(5e7, 1e8, 1e7, 1e8), look(1000, 1000, 0, 1000), look(0, 1000, 900, 1000)]) {
      const { low, estimate, high } = ratioInterval(0.05).update(counts);
      expect(low).toBeLessThanOrEqual(estimate);
      expect(estimate).toBeLessThanOrEqual(high);
      expect(Number.isNaN(low + estimate)).toBe(false);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUninformative, logNormaliser } from './hypergeometric.ts';
import type { Margins } from './hypergeometric.ts';

/** C(n, 0 … n), exactly. */
function binomials(n: number): bigint[] {
  const row = [1n];
  for (let k = 1; k <= n; k += 1) row.push(((row[k - 1] ?? 0n) * BigInt(n - k + 1)) / BigInt(k));
  return row;
}

function logBig(value: bigint): number {
  const digits = value.toString();
  return Math.log(Number(`0.${digits.slice(0, 20)}`)) + digits.length * Math.LN10;
}

/** ln Z by definition, with exact coefficients. */
function byDefinition({ canary, stable, events }: Margins, d: number): number {
  const logCanary = binomials(canary).map(logBig);
  const logStable = binomials(stable).map(logBig);
  const logs: number[] = [];
  for (let k = Math.max(0, events - stable); k <= Math.min(canary, events); k += 1) {
    logs.push((logCanary[k] ?? 0) + (logStable[events - k] ?? 0) + d * k);
  }
  const high = Math.max(...logs);
  return high + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - high), 0));
}

describe('logNormaliser', () => {
  it('equals the sum of its definition', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (canary, stable, seed, d) => {
          const margins = { canary, stable, events: seed % (canary + stable + 1) };
          if (isUninformative(margins)) return;
          expect(logNormaliser(margins, d)).toBeCloseTo(byDefinition(margins, d), 9);
        },
      ),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([
    [{ canary: 3400, stable: 3400, events: 3400 }, 0.5],
    [{ canary: 4000, stable: 3800, events: 2400 }, -2],
    [{ canary: 4500, stable: 3000, events: 4000 }, 0.5],
  ] as const)('agrees with the definition where it is expanded instead of summed: %j', (margins, d) => {
    expect(Math.abs(logNormaliser(margins, d) - byDefinition(margins, d))).toBeLessThan(5e-9);
  });

  it('is finite for counts up to 10⁹ and shares of 10⁻⁴ … 1 − 10⁻⁴', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1_000_000_000 }),
        fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        (total, share, rate, d) => {
          const canary = Math.round(total * share);
          const margins = { canary, stable: total - canary, events: Math.round(total * rate) };
          if (isUninformative(margins)) return;
          expect(Number.isFinite(logNormaliser(margins, d))).toBe(true);
        },
      ),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('is convex in d, with a slope between the fewest and the most events the canary can have', () => {
    const margins = { canary: 900_000, stable: 1_100_000, events: 500_000 };
    const slopes = [-4, -2, 0, 2, 4].map(
      (d) => logNormaliser(margins, d + 0.5) - logNormaliser(margins, d - 0.5),
    );
    expect(slopes).toEqual(slopes.toSorted((a, b) => a - b));
    expect(slopes[0]).toBeGreaterThan(0);
    expect(slopes.at(-1)).toBeLessThan(500_000);
  });
});

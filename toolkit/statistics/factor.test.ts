import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binomialLogFactor, exactLogFactor } from './factor.ts';
import type { LogFactor } from './factor.ts';
import { logBinomial } from './binomial.ts';

/** P(x) of the canary's events given the margins at log odds ratio d, by enumeration. */
function conditional(canary: number, stable: number, events: number, d: number): Map<number, number> {
  const weights = new Map<number, number>();
  for (let x = Math.max(0, events - stable); x <= Math.min(canary, events); x += 1) {
    weights.set(x, Math.exp(logBinomial(x, canary, 1) + logBinomial(events - x, stable, 1) + d * x));
  }
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return new Map([...weights].map(([x, weight]) => [x, weight / total]));
}

function meanFactor(
  factor: LogFactor,
  margins: [number, number, number],
  truth: number,
  d0: number,
  d: number,
): number {
  const [canary, stable, events] = margins;
  let mean = 0;
  for (const [x, probability] of conditional(canary, stable, events, truth)) {
    const arms = [
      { events: x, total: canary },
      { events: events - x, total: stable },
    ] as const;
    mean += probability * Math.exp(factor(arms[0], arms[1], d0, [d])[0]!);
  }
  return mean;
}

const margins = fc
  .tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }), fc.nat())
  .map(([canary, stable, seed]): [number, number, number] => [canary, stable, seed % (canary + stable + 1)]);
const effect = fc.double({ min: -1.5, max: 1.5, noNaN: true });
const distance = fc.double({ min: 0.05, max: 4, noNaN: true });

describe('exactLogFactor', () => {
  it('has mean 1 at the boundary of the null, to either side', () => {
    fc.assert(
      fc.property(margins, effect, distance, fc.boolean(), (counts, d0, gap, up) => {
        expect(meanFactor(exactLogFactor, counts, d0, d0, up ? d0 + gap : d0 - gap)).toBeCloseTo(1, 9);
      }),
      { seed: 1 },
    );
  });

  it('has mean at most 1 inside the null', () => {
    fc.assert(
      fc.property(margins, effect, distance, distance, (counts, d0, gap, depth) => {
        expect(meanFactor(exactLogFactor, counts, d0 - depth, d0, d0 + gap)).toBeLessThanOrEqual(1 + 1e-9);
        expect(meanFactor(exactLogFactor, counts, d0 + depth, d0, d0 - gap)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { seed: 2 },
    );
  });

  it('grows with the canary’s part of the same events', () => {
    const factors = [0, 1, 2, 3, 4].map(
      (x) => exactLogFactor({ events: x, total: 50 }, { events: 4 - x, total: 950 }, 0, [1])[0]!,
    );
    expect(factors).toEqual(factors.toSorted((a, b) => a - b));
    expect(factors[0]).toBeLessThan(0);
  });

  it.each([
    ['no events', { events: 0, total: 10 }, { events: 0, total: 90 }],
    ['only events', { events: 10, total: 10 }, { events: 90, total: 90 }],
    ['a canary without traffic', { events: 0, total: 0 }, { events: 9, total: 90 }],
    ['a stable without traffic', { events: 1, total: 10 }, { events: 0, total: 0 }],
  ])('is exactly 1 for %s', (_, canary, stable) => {
    expect(exactLogFactor(canary, stable, 0, [0.1, 4])).toEqual([0, 0]);
  });
});

describe('binomialLogFactor', () => {
  it('is the exact factor in the limit of rare events', () => {
    const canary = { events: 7, total: 5e8 };
    const stable = { events: 60, total: 9.5e9 };
    const exact = exactLogFactor(canary, stable, 0.2, [1])[0]!;
    expect(binomialLogFactor(canary, stable, 0.2, [1])[0]).toBeCloseTo(exact, 5);
  });

  it('never has a mean above 1 when it fails a canary of Bernoulli events', () => {
    fc.assert(
      fc.property(margins, distance, (counts, gap) => {
        expect(meanFactor(binomialLogFactor, counts, 0, 0, gap)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { seed: 3 },
    );
  });

  it('has a mean above 1 when it promotes Bernoulli events at a high rate, which is why it must not', () => {
    const d0 = Math.log(2);
    expect(meanFactor(binomialLogFactor, [20, 20, 20], d0, d0, 0)).toBeGreaterThan(1.01);
  });
});

import { describe, expect, it } from '@jest/globals';
import { oneSidedTMixture, tMixtureRadius, twoSidedTMixture } from './t-mixture.ts';

/** Density of Student's t. */
function density(t: number, freedom: number, normaliser: number): number {
  return (1 + (t * t) / freedom) ** (-(freedom + 1) / 2) / normaliser;
}

function meanUnderNull(logE: (t: number) => number, freedom: number): number {
  let mass = 0;
  let mean = 0;
  // t = sinh(u) reaches far into both tails with even steps.
  for (let u = -25; u <= 25; u += 0.001) {
    const weight = density(Math.sinh(u), freedom, 1) * Math.cosh(u);
    mass += weight;
    mean += weight * Math.exp(logE(Math.sinh(u)));
  }
  return mean / mass;
}

describe('t-mixtures', () => {
  it('have mean 1 when there is no effect', () => {
    for (const [freedom, information] of [
      [4, 5],
      [9, 10],
    ] as const) {
      expect(meanUnderNull((t) => twoSidedTMixture({ t, freedom, information }), freedom)).toBeCloseTo(1, 3);
      expect(meanUnderNull((t) => oneSidedTMixture({ t, freedom, information }), freedom)).toBeCloseTo(1, 3);
    }
  });

  it('count one side only when asked to, and twice as much', () => {
    const at = (t: number) => ({ t, freedom: 10, information: 11 });
    expect(oneSidedTMixture(at(8))).toBeCloseTo(twoSidedTMixture(at(8)) + Math.LN2, 3);
    expect(oneSidedTMixture(at(0))).toBeCloseTo(twoSidedTMixture(at(0)), 12);
    expect(oneSidedTMixture(at(-8))).toBeLessThan(-2);
    const values = [-20, -3, -1, 0, 1, 3, 20].map((t) => oneSidedTMixture(at(t)));
    expect(values).toEqual(values.toSorted((a, b) => a - b));
  });

  it('has a radius at which it reaches 1/α, or none', () => {
    const sizes = { freedom: 20, information: 21 };
    const t = tMixtureRadius({ ...sizes, alpha: 0.05 });
    expect(twoSidedTMixture({ ...sizes, t })).toBeCloseTo(Math.log(20), 9);
    expect(tMixtureRadius({ freedom: 1, information: 3, alpha: 0.01 })).toBe(Infinity);
  });

  it('is finite for differences without any scatter', () => {
    expect(Number.isFinite(oneSidedTMixture({ t: 1e8, freedom: 4, information: 17.5 }))).toBe(true);
    expect(Number.isFinite(oneSidedTMixture({ t: -1e8, freedom: 4, information: 17.5 }))).toBe(true);
  });
});

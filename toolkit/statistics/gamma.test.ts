import { describe, expect, it } from '@jest/globals';
import { logBinomial } from './binomial.ts';
import { logBeta, logGamma, stirlingError } from './gamma.ts';
import { betaTails, logStudentCdf } from './incomplete-beta.ts';
import { logNormalCdf } from './normal.ts';

describe('logGamma', () => {
  it.each([
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [1, 0],
    [10, Math.log(362_880)],
    [171, Math.log(7.257_415_615_307_994e306)],
    [0.001, 6.907_178_885_383_854],
  ])('ln Γ(%d)', (x, expected) => {
    expect(logGamma(x)).toBeCloseTo(expected, 10);
  });

  it('keeps the recurrence Γ(x + 1) = x Γ(x) up to 10⁹', () => {
    for (const x of [0.3, 3, 14.9, 15.1, 1e3, 1e6, 1e9]) {
      const difference = logGamma(x + 1) - logGamma(x) - Math.log(x);
      expect(Math.abs(difference)).toBeLessThan(1e-14 * Math.max(10, logGamma(x)));
    }
  });

  it('has a continuous Stirling error at the end of its table', () => {
    expect(stirlingError(15)).toBeCloseTo(1 / 180 - 1 / (360 * 15 ** 3), 7);
    expect(stirlingError(15) - stirlingError(16)).toBeCloseTo(1 / 180 - 1 / 192, 6);
  });
});

describe('logBeta', () => {
  it.each([
    [1, 19, -Math.log(19)],
    [2, 3, -Math.log(12)],
    [20, 1, -Math.log(20)],
    [1, 1e9, -Math.log(1e9)],
    [0.5, 0.5, Math.log(Math.PI)],
  ])('ln B(%d, %d)', (a, b, expected) => {
    expect(logBeta(a, b)).toBeCloseTo(expected, 9);
  });
});

describe('logBinomial', () => {
  it('sums to 1', () => {
    for (const [n, odds] of [
      [30, 0.2],
      [200, 3],
    ] as const) {
      const total = Array.from({ length: n + 1 }, (_, k) => Math.exp(logBinomial(k, n, odds)));
      expect(total.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
    }
  });

  it('keeps its digits for 10⁹ trials', () => {
    // At the mode of a symmetric binomial: 1/√(πn/2), relative error 1/(4n).
    expect(logBinomial(5e8, 1e9, 1)).toBeCloseTo(-0.5 * Math.log((Math.PI * 1e9) / 2), 9);
  });
});

describe('betaTails', () => {
  it('has the closed form of Beta(1, b)', () => {
    const { logLower, logUpper } = betaTails(1, 19, 0.05);
    expect(logUpper).toBeCloseTo(19 * Math.log(0.95), 12);
    expect(logLower).toBeCloseTo(Math.log(1 - 0.95 ** 19), 12);
  });

  it('keeps tiny tails, and both tails sum to 1', () => {
    expect(betaTails(3, 1e6, 1e-2).logUpper).toBeLessThan(-9000);
    expect(betaTails(3, 1e6, 1e-2).logUpper).toBeGreaterThan(-11_000);
    for (const [a, b, x] of [
      [0.2, 19.8, 0.01],
      [500, 300, 0.6],
      [1e8, 9e8, 0.1],
    ] as const) {
      const { logLower, logUpper } = betaTails(a, b, x);
      expect(Math.exp(logLower) + Math.exp(logUpper)).toBeCloseTo(1, 10);
    }
  });

  it('ends at 0 and 1', () => {
    expect(betaTails(2, 2, 0)).toEqual({ logLower: -Infinity, logUpper: 0 });
    expect(betaTails(2, 2, 1)).toEqual({ logLower: 0, logUpper: -Infinity });
  });
});

describe('distribution functions', () => {
  it.each([
    [0, Math.log(0.5)],
    [1.959_963_984_540_054, Math.log(0.975)],
    [-1.959_963_984_540_054, Math.log(0.025)],
    [-10, -53.231_285_150_512_47],
    [6, Math.log1p(-9.865_876_450_376_98e-10)],
  ])('ln Φ(%d)', (z, expected) => {
    expect(logNormalCdf(z)).toBeCloseTo(expected, 9);
  });

  it.each([
    [12.706_204_736_174_7, 1, 0.975],
    [2.228_138_851_964_94, 10, 0.975],
    [-1.812_461_122_811_68, 10, 0.05],
  ])('ln P(T ≤ %d) with %d degrees of freedom', (t, freedom, expected) => {
    expect(Math.exp(logStudentCdf(t, freedom))).toBeCloseTo(expected, 9);
  });
});

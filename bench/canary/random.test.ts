import { describe, expect, it } from '@jest/globals';
import { mean, quantile, wilson } from './measures.ts';
import { binomial, normal, poisson, seeded } from './random.ts';

const DRAWS = 20_000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const average = mean(values);
  return { mean: average, variance: mean(values.map((value) => (value - average) ** 2)) };
}

describe('samplers', () => {
  it.each([
    [5, 0.3],
    [400, 0.004],
    [400, 0.4],
    [100_000, 0.7],
  ])('binomial(%d, %d) has its mean and variance', (n, p) => {
    const random = seeded(1, n);
    const { mean: average, variance } = moments(() => binomial(random, n, p));
    const expected = n * p * (1 - p);
    expect(Math.abs(average - n * p)).toBeLessThan(4 * Math.sqrt(expected / DRAWS));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.05);
  });

  it.each([0.3, 4, 40, 30_000])('poisson(%d) has its mean and variance', (rate) => {
    const random = seeded(2, rate);
    const { mean: average, variance } = moments(() => poisson(random, rate));
    expect(Math.abs(average - rate)).toBeLessThan(4 * Math.sqrt(rate / DRAWS));
    expect(Math.abs(variance / rate - 1)).toBeLessThan(0.05);
  });

  it('knows the edges', () => {
    const random = seeded(3);
    expect([
      binomial(random, 0, 0.5),
      binomial(random, 9, 0),
      binomial(random, 9, 1),
      poisson(random, 0),
    ]).toEqual([0, 0, 9, 0]);
    expect(Math.abs(moments(() => normal(random)).variance - 1)).toBeLessThan(0.05);
  });

  it('repeats itself for the same seeds and not for others', () => {
    const draw = (...seeds: number[]): number[] => Array.from({ length: 5 }, seeded(...seeds));
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 2)).not.toEqual(draw(2, 1));
  });
});

describe('measures', () => {
  it('wilson: 95 % interval', () => {
    expect(wilson(0, 0)).toEqual({ low: 0, high: 1 });
    expect(wilson(10, 100).low).toBeCloseTo(0.0552, 4);
    expect(wilson(10, 100).high).toBeCloseTo(0.1744, 4);
    expect(wilson(0, 2000).low).toBe(0);
  });

  it('quantile: never is the largest', () => {
    expect(quantile([3, 1, Infinity, 2, Infinity], 0.5)).toBe(3);
    expect(quantile([1, Infinity, Infinity], 0.5)).toBe(Infinity);
  });
});

import { describe, expect, it } from '@jest/globals';
import {
  bestPrecision,
  betaBinomialBound,
  betaBinomialLogE,
  normalMixtureBound,
  normalMixtureLogE,
} from './mixture-bounds.ts';

// Published reference values of the confseq library's tests (gostevehoward/confseq), given to 1e-5.
const two = { timeOptimum: 100, alphaOptimum: 0.05, sides: 'two' } as const;
const one = { ...two, sides: 'one' } as const;
const near = (value: number, expected: number): void => {
  expect(Math.abs(value - expected)).toBeLessThan(1e-5);
};

describe('normal mixture', () => {
  it('reproduces the published values', () => {
    near(bestPrecision(two), 12.60056);
    near(normalMixtureLogE(10, 100, two), -0.6510052);
    near(normalMixtureLogE(10, 100, one), -0.06502391);
    near(normalMixtureBound(100, 0.05, two), 30.35209);
    near(normalMixtureBound(100, 0.05, one), 27.66071);
  });
});

describe('beta-binomial mixture', () => {
  it('reproduces the published values', () => {
    near(betaBinomialLogE(10, 100, { ...two, g: 0.2, h: 0.8 }), -0.6941012);
    near(betaBinomialLogE(10, 100, { ...one, g: 0.2, h: 0.8 }), -0.07134019);
    near(betaBinomialBound(100, 0.05, { ...two, g: 0.2, h: 0.8 }), 31.4308);
    near(betaBinomialBound(100, 0.05, { ...one, g: 0.2, h: 0.8 }), 28.41238);
  });

  it('stops where the sum itself ends', () => {
    expect(betaBinomialBound(0.1, 1e-9, { ...one, g: 0.2, h: 0.8 })).toBeCloseTo(0.5, 12);
  });
});

import { describe, expect, it } from '@jest/globals';
import { logBinomial } from './binomial.ts';
import { betaMixtureLogE, errorFreeRequests, objectiveTest } from './objective-test.ts';

describe('betaMixtureLogE', () => {
  it.each([
    [4, 4, 0.05, 3.863822],
    [3, 10, 0.05, 1.747278],
    [12, 100, 0.05, 2.913179],
    [60, 100, 0.5, 1.441783],
  ])('golden value: %d of %d against %d', (x, n, p0, expected) => {
    expect(Math.abs(betaMixtureLogE('fail', x, n, p0) - expected)).toBeLessThan(1e-5);
  });

  it.each(['fail', 'pass'] as const)('has mean 1 at the objective and less inside the null (%s)', (side) => {
    const meanAt = (p: number): number => {
      let mean = 0;
      for (let x = 0; x <= 40; x += 1) {
        mean += Math.exp(logBinomial(x, 40, p / (1 - p)) + betaMixtureLogE(side, x, 40, 0.1));
      }
      return mean;
    };
    expect(meanAt(0.1)).toBeCloseTo(1, 9);
    expect(meanAt(side === 'fail' ? 0.07 : 0.15)).toBeLessThan(1);
    expect(meanAt(side === 'fail' ? 0.2 : 0.04)).toBeGreaterThan(2);
  });

  it('is finite from nothing to 10⁹ requests', () => {
    for (const p0 of [1e-4, 0.001, 0.5, 0.999]) {
      for (const [x, n] of [
        [0, 0],
        [0, 1],
        [1, 1],
        [0, 1e9],
        [1e9, 1e9],
        [1e6, 1e9],
        [5e8, 1e9],
      ] as const) {
        expect(Number.isFinite(betaMixtureLogE('fail', x, n, p0))).toBe(true);
        expect(Number.isFinite(betaMixtureLogE('pass', x, n, p0))).toBe(true);
      }
    }
  });
});

describe('errorFreeRequests', () => {
  it.each([
    [0.05, 82],
    [0.01, 417],
    [0.001, 4188],
  ])('shows a rate below %d after %d requests at 5 %%', (max, requests) => {
    expect(errorFreeRequests(max, 0.05)).toBe(requests);
  });
});

describe('objectiveTest', () => {
  it('does not depend on how the counts are split into looks', () => {
    const whole = objectiveTest({ side: 'fail', max: 0.01 });
    const split = objectiveTest({ side: 'fail', max: 0.01 });
    for (const events of [1, 0, 5, 2]) split.update({ events, total: 100 });
    const once = whole.update({ events: 8, total: 400 });
    expect(split.update({ events: 0, total: 0 }).logE).toBeCloseTo(once.logE, 12);
  });

  it('fails a canary over its error budget and passes one well within it', () => {
    expect(
      objectiveTest({ side: 'fail', max: 0.01 }).update({ events: 30, total: 1000 }).logE,
    ).toBeGreaterThan(5);
    expect(
      objectiveTest({ side: 'pass', max: 0.01 }).update({ events: 1, total: 1000 }).logE,
    ).toBeGreaterThan(3);
    expect(
      objectiveTest({ side: 'fail', max: 0.01 }).update({ events: 30, total: 1000, phi: 4 }).logE,
    ).toBeLessThan(5);
  });
});

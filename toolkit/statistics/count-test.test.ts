import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countTest } from './count-test.ts';
import type { CountLook } from './count-test.ts';
import { failGrid, promoteGrid } from './grid.ts';
import { NO_LATE_STARTS } from './start-times.ts';

const look = (x: number, n: number, y: number, m: number): CountLook => ({
  canary: { events: x, total: n },
  stable: { events: y, total: m },
});

/** A seeded generator (Park & Miller) and the sum of n coin flips: slow and plainly right. */
function coins(seed: number): (n: number, p: number) => number {
  let state = seed;
  return (n, p) => {
    let heads = 0;
    for (let i = 0; i < n; i += 1) {
      state = (state * 48_271) % 2_147_483_647;
      if (state < p * 2_147_483_647) heads += 1;
    }
    return heads;
  };
}

const anyLook = fc
  .tuple(
    fc.nat(400),
    fc.nat(4000),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([n, m, p, q]) => look(Math.round(n * p), n, Math.round(m * q), m));

describe('countTest', () => {
  it('stays at exactly 1 without an event, however much traffic there is', () => {
    const test = countTest({ side: 'fail', margin: 1.25 });
    for (let i = 0; i < 50; i += 1) test.update({ ...look(0, 1000, 0, 9000), seconds: 15 * i });
    expect(test.update(look(0, 10, 0, 90))).toEqual({ logE: 0, peakLogE: 0 });
  });

  it('fails a canary with four times the errors and promotes a good one', () => {
    const fail = countTest({ side: 'fail', margin: 1.25 });
    const promote = countTest({ side: 'promote', margin: 2 });
    for (let i = 0; i < 10; i += 1) {
      fail.update({ ...look(3, 150, 14, 2850), seconds: 15 * i });
      promote.update(look(3, 600, 12, 2400));
    }
    expect(fail.update(look(3, 150, 14, 2850)).logE).toBeGreaterThan(Math.log(100));
    expect(promote.update(look(3, 600, 12, 2400)).logE).toBeGreaterThan(Math.log(20));
  });

  it('grows with every event moved from stable to the canary', () => {
    fc.assert(
      fc.property(fc.array(anyLook, { minLength: 1, maxLength: 6 }), fc.nat(), (looks, pick) => {
        const index = pick % looks.length;
        const { canary, stable } = looks[index]!;
        if (stable.events === 0 || canary.events === canary.total) return;
        const moved = looks.with(
          index,
          look(canary.events + 1, canary.total, stable.events - 1, stable.total),
        );
        const evidence = (all: readonly CountLook[], side: 'fail' | 'promote'): number => {
          const test = countTest({ side, margin: 1.5 });
          return all.map((one) => test.update(one).logE).at(-1)!;
        };
        expect(evidence(moved, 'fail')).toBeGreaterThanOrEqual(evidence(looks, 'fail') - 1e-9);
        expect(evidence(moved, 'promote')).toBeLessThanOrEqual(evidence(looks, 'promote') + 1e-9);
      }),
      { seed: 4 },
    );
  });

  it('is tempered towards 1 by dispersion', () => {
    const evidence = (phi: number): number =>
      countTest({ side: 'fail', margin: 1 }).update({ ...look(9, 100, 20, 1900), phi }).logE;
    expect(evidence(3)).toBeLessThan(evidence(1));
    expect(evidence(3)).toBeGreaterThan(0);
    expect(evidence(0.2)).toBe(evidence(1));
  });

  it('lets a burst bring no more evidence than half a minute may, however often it is looked at', () => {
    const most = 3 / 2;
    const peak = (seconds: number, lengthSeconds: number): number => {
      const test = countTest({ side: 'fail', margin: 1 });
      const part = lengthSeconds / 60;
      let logE = 0;
      for (let second = 0; second < seconds; second += lengthSeconds) {
        const counts = look(240 * part, 1200 * part, 540 * part, 10800 * part);
        logE = test.update({ ...counts, phi: 3, lengthSeconds }).logE;
      }
      return logE;
    };
    // At once what may be added at once, and then what comes back.
    for (const length of [5, 15, 30]) {
      expect(peak(length, length)).toBeLessThanOrEqual(most);
      expect(peak(60, length)).toBeLessThanOrEqual(3 * most);
    }
    expect(peak(5, 5)).toBeGreaterThan(most - 0.5);
    expect(peak(60, 5)).toBeGreaterThan(peak(5, 5) + 1);
  });

  it('is never NaN and never infinite, from one request to 10⁹', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: 0, max: 1_000_000_000 }),
            fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.double({ min: 0, max: 1, noNaN: true }),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        fc.constantFrom('fail' as const, 'promote' as const),
        (steps, side) => {
          const test = countTest({ side, margin: 1.25 });
          for (const [index, [total, share, p, q]] of steps.entries()) {
            const n = Math.round(total * share);
            const m = total - n;
            const { logE } = test.update({
              ...look(Math.round(n * p), n, Math.round(m * q), m),
              seconds: index * 15,
            });
            expect(Number.isFinite(logE)).toBe(true);
          }
        },
      ),
      { seed: 5, numRuns: 300 },
    );
  });

  it('refuses counts that cannot be', () => {
    const test = countTest({ side: 'fail', margin: 1 });
    expect(() => test.update(look(2, 1, 0, 1))).toThrow(RangeError);
    expect(() => test.update(look(0.5, 1, 0, 1))).toThrow(RangeError);
    expect(() => test.update(look(NaN, 1, 0, 1))).toThrow('NaN events of 1');
    expect(() =>
      countTest({ side: 'fail', margin: 1, model: 'poisson' }).update(look(5, 1.5, 0, 9)),
    ).not.toThrow();
  });

  it('sees a late regression because every look is a possible start', () => {
    const late = countTest({ side: 'fail', margin: 1.25 });
    const early = countTest({
      side: 'fail',
      margin: 1.25,
      starts: { first: 1, halfLifeSeconds: 1, perStep: 0 },
    });
    const delay = { late: 0, early: 0 };
    for (let i = 0; i < 400; i += 1) {
      const counts = { ...(i < 120 ? look(2, 150, 38, 2850) : look(8, 150, 38, 2850)), seconds: 15 * i };
      if (late.update(counts).logE < Math.log(100)) delay.late += 1;
      if (early.update(counts).logE < Math.log(100)) delay.early += 1;
    }
    expect(delay.late - 120).toBeLessThan((delay.early - 120) / 2);
  });

  it('starts promotion with the whole weight, so that it begins at the full evidence and has no floor', () => {
    const one = look(3, 600, 12, 2400);
    const evidence = (first?: number): number =>
      countTest({
        side: 'promote',
        margin: 2,
        ...(first === undefined ? {} : { starts: { ...NO_LATE_STARTS, first } }),
      }).update(one).logE;
    expect(evidence()).toBe(evidence(1));
    expect(evidence()).not.toBe(evidence(0.8));
    // Weight held back would keep E above itself, however bad the canary is.
    const bad = countTest({ side: 'promote', margin: 2 });
    let logE = 0;
    for (let i = 0; i < 20; i += 1) logE = bad.update({ ...look(90, 600, 12, 2400), seconds: 15 * i }).logE;
    expect(logE).toBeLessThan(Math.log(0.2) - 1);
  });

  it('gives a step its own start', () => {
    const evidence = (stepStart: boolean): number => {
      const test = countTest({ side: 'fail', margin: 1.25 });
      for (let i = 0; i < 60; i += 1) test.update(look(2, 150, 38, 2850));
      let logE = 0;
      for (let i = 0; i < 5; i += 1)
        logE = test.update({ ...look(40, 900, 30, 2100), stepStart: stepStart && i === 0 }).logE;
      return logE;
    };
    expect(evidence(true)).toBeGreaterThan(evidence(false));
  });

  it('keeps the mass of the mixture at 1: the mean of E is 1 at the boundary, through looks and starts', () => {
    // Two looks of 4 + 6 requests with 3 events each, every outcome weighted with its probability.
    const outcomes = [
      [0, 20 / 120],
      [1, 60 / 120],
      [2, 36 / 120],
      [3, 4 / 120],
    ] as const;
    let mean = 0;
    for (const [first, p] of outcomes) {
      for (const [second, q] of outcomes) {
        const test = countTest({ side: 'fail', margin: 1 });
        test.update({ ...look(first, 4, 3 - first, 6), seconds: 0 });
        mean +=
          p *
          q *
          Math.exp(test.update({ ...look(second, 4, 3 - second, 6), seconds: 600, stepStart: true }).logE);
      }
    }
    expect(mean).toBeCloseTo(1, 9);
  });

  it('crosses 1/α at most with chance α under the null, at any of 40 looks', () => {
    const flip = coins(20_240_501);
    const alpha = 0.05;
    const runs = 400;
    let fails = 0;
    let promotes = 0;
    for (let run = 0; run < runs; run += 1) {
      const fail = countTest({ side: 'fail', margin: 1 });
      const promote = countTest({ side: 'promote', margin: 2 });
      for (let i = 0; i < 40; i += 1) {
        const same = look(flip(40, 0.1), 40, flip(160, 0.1), 160);
        const worse = look(flip(40, 2 / 11), 40, flip(160, 0.1), 160);
        fail.update({ ...same, seconds: 15 * i });
        promote.update(worse);
      }
      if (fail.update(look(0, 0, 0, 0)).peakLogE >= -Math.log(alpha)) fails += 1;
      if (promote.update(look(0, 0, 0, 0)).peakLogE >= -Math.log(alpha)) promotes += 1;
    }
    // Three standard errors above α, which a test that is only valid at a single look exceeds by far.
    const most = runs * alpha + 3 * Math.sqrt(runs * alpha * (1 - alpha));
    expect(fails).toBeLessThanOrEqual(most);
    expect(promotes).toBeLessThanOrEqual(most);
    expect(fails + promotes).toBeGreaterThan(0);
  });
});

describe('grids', () => {
  it.each([
    ['fail', failGrid(0.2)],
    ['promote', promoteGrid(0.7)],
  ])('%s: weights sum to 1', (_, { weights }) => {
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('lies on the far side of the margin', () => {
    expect(Math.min(...failGrid(0.2).points)).toBeCloseTo(0.3);
    expect(Math.max(...failGrid(0.2).points)).toBeCloseTo(4.2);
    expect(Math.max(...promoteGrid(0.7).points)).toBeCloseTo(0.6);
  });
});

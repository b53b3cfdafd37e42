import { describe, expect, it } from '@jest/globals';
import { gaugeTest } from './gauge-test.ts';
import type { GaugeEvidence, GaugeTestOptions } from './gauge-test.ts';

const MIB = 1024 * 1024;

/** Noise in (−1, 1), the same in every run. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
}

const named = (values: readonly number[]): Map<string, number> =>
  new Map(values.map((value, index) => [`pod-${index}`, value]));

/** Watches two canary and three stable pods every 30 s; `canary` and `stable` give MiB at a time in seconds. */
function watch(
  options: GaugeTestOptions,
  minutes: number,
  canary: (seconds: number) => number,
  stable: (seconds: number) => number,
): GaugeEvidence[] {
  const random = noise(42);
  const test = gaugeTest(options);
  return Array.from({ length: 2 * minutes }, (_, look) => {
    const seconds = 30 * look;
    const read = (value: (at: number) => number, pods: number): number[] =>
      Array.from({ length: pods }, () => MIB * (value(seconds) + 2 * random()));
    return test.update({ seconds, canary: named(read(canary, 2)), stable: named(read(stable, 3)) });
  });
}

const firstCrossing = (all: readonly GaugeEvidence[], alpha: number): number =>
  all.findIndex(({ logE }) => logE >= -Math.log(alpha)) / 2;

describe('gaugeTest for leaks', () => {
  const leak = { test: 'leak', alpha: 0.01, limit: 512 * MIB } as const;

  it('proves a leak in about 40 minutes and projects when the limit is reached', () => {
    const all = watch(
      leak,
      90,
      (seconds) => 150 + seconds / 60,
      () => 150,
    );
    expect(firstCrossing(all, 0.01)).toBeGreaterThan(30);
    expect(firstCrossing(all, 0.01)).toBeLessThan(50);
    const last = all.at(-1)!;
    expect(last.slope!.estimate / MIB).toBeCloseTo(1 / 60, 3);
    expect(last.slope!.low).toBeLessThan(last.slope!.estimate);
    const hours = last.secondsToLimit! / 3600;
    expect(hours).toBeGreaterThan((512 - 150 - 90) / 60);
    expect(hours).toBeLessThan(5.5);
  });

  it('finds nothing when stable grows alike (caches that fill with the day’s traffic)', () => {
    const all = watch(
      leak,
      300,
      (seconds) => 150 + seconds / 300,
      (seconds) => 130 + seconds / 300,
    );
    expect(all.at(-1)!.peakLogE).toBeLessThan(Math.log(100));
  });

  it('does not take a larger but steady canary for a leak, and projects no end', () => {
    const last = watch(
      leak,
      120,
      () => 300,
      () => 100,
    ).at(-1)!;
    expect(last.peakLogE).toBeLessThan(2);
    expect(last.secondsToLimit).toBe(Infinity);
  });

  it('knows that the limit has been reached', () => {
    expect(
      watch(
        leak,
        60,
        () => 600,
        () => 100,
      ).at(-1)!.secondsToLimit,
    ).toBe(0);
  });

  it('says nothing while the start-up is dropped', () => {
    const last = watch(
      leak,
      12,
      (seconds) => 100 + seconds,
      () => 100,
    ).at(-1)!;
    expect(last).toEqual({ logE: 0, peakLogE: 0, blocks: 0, blockSeconds: 300 });
  });

  it('lengthens its blocks when neighbours are alike', () => {
    // A tide of 80 minutes in the canary alone.
    const last = watch(
      leak,
      400,
      (seconds) => 150 + 20 * Math.sin(seconds / 760),
      () => 150,
    ).at(-1)!;
    expect(last.blockSeconds).toBeGreaterThan(300);
  });

  it('is sure of a leak without any scatter at all', () => {
    const test = gaugeTest(leak);
    let last = test.update({ seconds: 0, canary: named([1]), stable: named([1]) });
    for (let seconds = 30; seconds < 3600; seconds += 30) {
      last = test.update({ seconds, canary: named([seconds]), stable: named([1]) });
    }
    expect(last.logE).toBeGreaterThan(Math.log(100));
    expect(Number.isFinite(last.logE)).toBe(true);
  });
});

describe('a gauge that wanders without a leak', () => {
  it.each([10, 20])(
    'with a memory of %d minutes fails at most 1 %% of 600 watches of 90 minutes',
    (minutes) => {
      const random = noise(7);
      const kept = Math.exp(-1 / minutes);
      let fails = 0;
      for (let run = 0; run < 600; run += 1) {
        const test = gaugeTest({ test: 'leak', alpha: 0.01 });
        let [value, peak] = [0, 0];
        for (let minute = -60; minute < 90; minute += 1) {
          value = kept * value + Math.sqrt(1 - kept * kept) * (random() + random() + random());
          if (minute >= 0)
            peak = test.update({
              seconds: 60 * minute,
              canary: named([100 + value]),
              stable: named([100]),
            }).peakLogE;
        }
        if (peak >= Math.log(100)) fails += 1;
      }
      expect(fails).toBeLessThanOrEqual(6);
    },
  );

  it('does not hide a leak behind its wandering for longer than an hour', () => {
    const random = noise(9);
    const proofs = Array.from({ length: 40 }, () => {
      const test = gaugeTest({ test: 'leak', alpha: 0.01 });
      let value = 0;
      for (let minute = 0; minute < 180; minute += 1) {
        value = Math.exp(-1 / 20) * value + 0.3 * (random() + random() + random());
        const { logE } = test.update({
          seconds: 60 * minute,
          canary: named([100 + value + minute]),
          stable: named([100]),
        });
        if (logE >= Math.log(100)) return minute;
      }
      return Infinity;
    }).sort((a, b) => a - b);
    expect(proofs[20]).toBeLessThanOrEqual(60);
  });
});

describe('gaugeTest for levels', () => {
  it('fails a canary that needs twice as much, not one within the margin', () => {
    const level = { test: 'level', alpha: 0.01, margin: 1.25 } as const;
    expect(
      watch(
        level,
        90,
        () => 200,
        () => 100,
      ).at(-1)!.logE,
    ).toBeGreaterThan(Math.log(100));
    expect(
      watch(
        level,
        90,
        () => 110,
        () => 100,
      ).at(-1)!.peakLogE,
    ).toBeLessThan(1);
  });
});

describe('pods that differ for good', () => {
  /** Looks of 90 min, one a minute: 2 canary pods and 4 of stable, each at a level of its own. */
  function level(random: () => number, ratio: number, apart: number): number {
    const test = gaugeTest({ test: 'level', alpha: 0.01, margin: 1.25 });
    const normal = (): number => random() + random() + random();
    const arm = (pods: number, scale: number): number[] =>
      Array.from({ length: pods }, () => scale * Math.exp(apart * normal()));
    const [canary, stable] = [arm(2, 100 * ratio), arm(4, 100)];
    const read = (own: readonly number[]) => named(own.map((one) => one * Math.exp(0.05 * normal())));
    for (let minute = 0; minute < 90; minute += 1) {
      const { logE } = test.update({ seconds: 60 * minute, canary: read(canary), stable: read(stable) });
      if (logE >= Math.log(100)) return minute;
    }
    return Infinity;
  }
  const random = noise(11);
  const minutes = (ratio: number, apart: number): number[] =>
    Array.from({ length: 400 }, () => level(random, ratio, apart)).sort((a, b) => a - b);
  const failed = (all: readonly number[]): number => all.filter(Number.isFinite).length;

  it.each([0, 0.1, 0.2, 0.3])('by %d of their level fail at most 1 %% of healthy canaries', (apart) => {
    // 9 of 400 or more would be chance in one of two hundred such tests or rarer.
    expect(failed(minutes(1, apart))).toBeLessThanOrEqual(8);
  });

  it('and pods that do not differ prove a doubled level as soon as blocks alone would', () => {
    expect(minutes(2, 0)[200]).toBeLessThanOrEqual(40);
  });
});

describe('memory', () => {
  it('stays flat: a week of looks is merged into at most a day of blocks', () => {
    const test = gaugeTest({ test: 'leak', alpha: 0.01 });
    let blocks = 0;
    for (let seconds = 0; seconds < 7 * 86_400; seconds += 150) {
      ({ blocks } = test.update({
        seconds,
        canary: named([100 + (seconds % 7)]),
        stable: named([100 + (seconds % 5)]),
      }));
    }
    expect(blocks).toBeGreaterThan(100);
    expect(blocks).toBeLessThanOrEqual(288);
  });
});

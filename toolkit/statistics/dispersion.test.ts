import { describe, expect, it } from '@jest/globals';
import { dispersion, pearson, phiBetween } from './dispersion.ts';
import { placebo } from './placebo.ts';

/** A seeded generator (Park & Miller) and the sum of n coin flips. */
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

const PODS = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('pearson', () => {
  it('has its degrees of freedom as mean, over every way two events can fall', () => {
    // Two events among 3 + 2 requests: hypergeometric chances 1, 6, 3 of 10 for the second pod to get 2, 1, 0.
    const chi = (first: number): number => pearson({ events: [first, 2 - first], total: [3, 2] }).chiSquare;
    expect((1 * chi(0) + 6 * chi(1) + 3 * chi(2)) / 10).toBeCloseTo(1, 12);
  });

  it.each([
    ['one pod', { events: [3], total: [9] }],
    ['no events', { events: [0, 0], total: [9, 9] }],
    ['nothing but events', { events: [9, 9], total: [9, 9] }],
    ['one pod with requests', { events: [1, 0], total: [9, 0] }],
  ])('says nothing with %s', (_, pods) => {
    expect(pearson(pods)).toEqual({ chiSquare: 0, degrees: 0 });
  });
});

describe('dispersion', () => {
  it('stays near 1 for pods that are alike, whatever the load does', () => {
    const flip = coins(7);
    const estimate = dispersion();
    for (let look = 0; look < 300; look += 1) {
      const n = 50 + 40 * (look % 5);
      estimate.update(PODS.map((pod) => ({ pod, events: flip(n, 0.05), total: n })));
    }
    expect(estimate.current.phi).toBeLessThan(1.25);
    expect(estimate.current.degrees).toBeGreaterThan(1000);
  });

  it('rises with bursts of single pods', () => {
    const flip = coins(8);
    const estimate = dispersion();
    for (let look = 0; look < 200; look += 1) {
      estimate.update(
        PODS.map((pod) => ({ pod, events: flip(200, flip(1, 0.1) === 1 ? 0.3 : 0.05), total: 200 })),
      );
    }
    expect(estimate.current.phi).toBeGreaterThan(4);
  });

  it('finds pods that are always a little worse, which no single look shows', () => {
    const flip = coins(9);
    const short = dispersion();
    const long = dispersion();
    for (let look = 0; look < 512; look += 1) {
      const pods = PODS.map((pod, index) => ({
        pod,
        events: flip(200, 0.05 * (1 + 0.08 * index)),
        total: 200,
      }));
      if (look < 16) short.update(pods);
      long.update(pods);
    }
    expect(long.current.phi).toBeGreaterThan(short.current.phi);
    expect(long.current.phi).toBeGreaterThan(3);
  });

  it('is 1 until there is enough to tell', () => {
    expect(
      dispersion().update([
        { pod: 'a', events: 9, total: 10 },
        { pod: 'b', events: 0, total: 10 },
      ]),
    ).toEqual({
      phi: 1,
      degrees: 1,
    });
  });
});

describe('phiBetween', () => {
  it('tempers a canary of few large pods more, and one of small pods less', () => {
    const stable = { total: 600, pods: 6 };
    expect(phiBetween('fail', 3, { total: 100, pods: 1 }, stable)).toBeCloseTo(3, 12);
    expect(phiBetween('fail', 3, { total: 600, pods: 1 }, stable)).toBeCloseTo((13 + 3) / 2, 12);
    expect(phiBetween('fail', 3, { total: 10, pods: 1 }, stable)).toBeLessThan(1.5);
    expect(phiBetween('promote', 3, { total: 10, pods: 1 }, stable)).toBe(3);
  });

  it('is at least 1 and ignores arms without traffic', () => {
    expect(phiBetween('fail', 1, { total: 9, pods: 1 }, { total: 1, pods: 1 })).toBe(1);
    expect(phiBetween('promote', 2, { total: 0, pods: 0 }, { total: 1, pods: 1 })).toBe(2);
  });
});

describe('placebo', () => {
  const watch = (rates: readonly number[], looks: number) => {
    const flip = coins(10);
    const check = placebo({ alpha: 0.01, margin: 1.25 });
    let result = check.update([]);
    for (let look = 0; look < looks; look += 1) {
      result = check.update(
        rates.map((rate, pod) => ({ pod: `pod-${pod}`, events: flip(300, rate), total: 300 })),
      );
    }
    return result;
  };

  it('lets pods that are alike pass', () => {
    expect(watch([0.05, 0.05, 0.05, 0.05], 40)).toEqual({
      pods: 4,
      crossed: [],
      allowed: 1,
      exceeded: false,
    });
  });

  it('tells when stable’s own pods would fail each other', () => {
    const { crossed, exceeded } = watch([0.02, 0.02, 0.12, 0.12, 0.02, 0.02], 40);
    expect(crossed).toEqual(['pod-2', 'pod-3']);
    expect(exceeded).toBe(true);
  });

  it('needs two pods, and bounds how many play', () => {
    expect(watch([0.1], 5)).toEqual({ pods: 0, crossed: [], allowed: 1, exceeded: false });
    expect(
      watch(
        Array.from({ length: 50 }, () => 0.02),
        1,
      ).pods,
    ).toBe(20);
  });
});

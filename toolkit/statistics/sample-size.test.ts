import { describe, expect, it } from '@jest/globals';
import { countTest } from './count-test.ts';
import { evidencePerEvent, expectedEvents, moreNeeded } from './sample-size.ts';

describe('evidence per event', () => {
  it('is a divergence: 0 at the margin, positive on both sides', () => {
    expect(evidencePerEvent(0.1, 0.5, 0.5)).toBe(0);
    expect(evidencePerEvent(0.1, 1, 0.5)).toBeGreaterThan(0);
    expect(evidencePerEvent(0.1, 0, 0.5)).toBeGreaterThan(0);
  });

  it('needs 81 errors to see a doubling at half the traffic, and many more at 5 %', () => {
    // KL(2/3 ‖ 1/2) = 0.0566 nats.
    expect(expectedEvents({ share: 0.5, ratio: 2, margin: 1, alpha: 0.01 })).toBeCloseTo(
      4.605_17 / 0.056_633,
      1,
    );
    expect(expectedEvents({ share: 0.05, ratio: 2, margin: 1, alpha: 0.01 })).toBeGreaterThan(200);
  });
});

describe('moreNeeded', () => {
  const healthy = {
    alpha: 0.05,
    ratio: 1,
    margin: 2,
    canary: { events: 10, total: 10_000 },
    stable: { events: 90, total: 90_000 },
  };

  it('shrinks as evidence grows, to nothing', () => {
    const early = moreNeeded({ ...healthy, logE: 0 });
    const later = moreNeeded({ ...healthy, logE: 2 });
    expect(later.canaryRequests).toBeLessThan(early.canaryRequests);
    expect(moreNeeded({ ...healthy, logE: 3 })).toEqual({ events: 0, canaryRequests: 0 });
  });

  it('does not promise a number before there are events or traffic', () => {
    expect(moreNeeded({ ...healthy, logE: 0, canary: { events: 0, total: 0 } }).events).toBe(Infinity);
    const none = moreNeeded({
      ...healthy,
      logE: 0,
      canary: { events: 0, total: 9 },
      stable: { events: 0, total: 9 },
    });
    expect(none.canaryRequests).toBe(Infinity);
  });

  it('is of the size the test then takes', () => {
    const promised = moreNeeded({ ...healthy, logE: 0 });
    const test = countTest({ side: 'promote', margin: 2 });
    let requests = 0;
    while (
      test.update({ canary: { events: 1, total: 1000 }, stable: { events: 9, total: 9000 } }).logE <
      Math.log(20)
    ) {
      requests += 1000;
    }
    expect(requests / promised.canaryRequests).toBeGreaterThan(0.7);
    expect(requests / promised.canaryRequests).toBeLessThan(1.8);
  });
});

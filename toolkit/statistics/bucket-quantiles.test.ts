import { describe, expect, it } from '@jest/globals';
import { chooseBoundaries, quantileInterval } from './bucket-quantiles.ts';
import { checkShare } from './share-check.ts';

const buckets = (counts: readonly number[]) =>
  [0.05, 0.1, 0.25, 0.5, 1, 2.5, Infinity].map((le, index) => ({ le, count: counts[index] ?? 0 }));

describe('quantileInterval', () => {
  it('encloses the quantile between boundaries, closer with more requests', () => {
    const few = quantileInterval(buckets([50, 80, 92, 97, 99, 100, 100]), 0.95, 0.05);
    const many = quantileInterval(
      buckets([50_000, 80_000, 92_000, 97_000, 99_000, 100_000, 100_000]),
      0.95,
      0.05,
    );
    expect(few.low).toBeLessThanOrEqual(many.low);
    expect(few.high).toBeGreaterThanOrEqual(many.high);
    expect(many).toEqual({ low: 0.25, high: 0.5 });
  });

  it('knows nothing without requests', () => {
    expect(quantileInterval(buckets([]), 0.5, 0.05)).toEqual({ low: -Infinity, high: Infinity });
    expect(quantileInterval([], 0.5, 0.05)).toEqual({ low: -Infinity, high: Infinity });
  });
});

describe('chooseBoundaries', () => {
  it('takes the quantiles’ boundaries, the objective’s, and slower neighbours', () => {
    const history = buckets([600, 880, 940, 980, 997, 1000, 1000]);
    expect(chooseBoundaries(history, 0.3, 8)).toEqual([0.05, 0.25, 0.5, 1, 2.5]);
    expect(chooseBoundaries(history, 0.1, 2)).toEqual([0.05, 0.1]);
  });

  it('does not choose a boundary that nothing exceeds, nor +Inf', () => {
    expect(chooseBoundaries(buckets([500, 1000, 1000, 1000, 1000, 1000, 1000]))).not.toContain(Infinity);
    expect(chooseBoundaries(buckets([500, 1000, 1000, 1000, 1000, 1000, 1000]))).toContain(0.05);
  });

  it('falls back to the layout without a history', () => {
    expect(chooseBoundaries(buckets([]))).toEqual([0.05, 0.1, 0.25, 0.5, 1, 2.5]);
    expect(chooseBoundaries([])).toEqual([]);
  });
});

describe('checkShare', () => {
  it('warns when the router does something else than configured', () => {
    expect(checkShare(1000, 9000, 0.05)).toEqual({ observed: 0.1, mismatch: true });
    expect(checkShare(510, 9490, 0.05).mismatch).toBe(false);
    expect(checkShare(3, 17, 0.05).mismatch).toBe(false);
  });

  it('has nothing to say without traffic, and is exact at 0 and 1', () => {
    expect(checkShare(0, 0, 0.5)).toEqual({ observed: 0, mismatch: false });
    expect(checkShare(5, 95, 0)).toEqual({ observed: 0.05, mismatch: true });
    expect(checkShare(100, 0, 1).mismatch).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { logAdd, logSum } from './log-space.ts';

describe('logAdd and logSum', () => {
  it('add where exponentials would overflow or vanish', () => {
    expect(logAdd(1000, 1000)).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logAdd(-1000, -1001)).toBeCloseTo(-1000 + Math.log1p(Math.exp(-1)), 12);
    expect(logSum([700, 710, -50, 705])).toBeCloseTo(710 + Math.log(1 + Math.exp(-10) + Math.exp(-5)), 10);
  });

  it('treat −Infinity as nothing', () => {
    expect(logAdd(-Infinity, -Infinity)).toBe(-Infinity);
    expect(logAdd(-Infinity, 3)).toBe(3);
    expect(logSum([])).toBe(-Infinity);
    expect(logSum([-Infinity, 2])).toBe(2);
  });
});

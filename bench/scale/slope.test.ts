import { describe, expect, it } from '@jest/globals';
import { slopeOf } from './slope.ts';

describe('slopeOf', () => {
  it.each([0.5, 1, 2])('tells a power of %d from its times', (power) => {
    const points = [10, 100, 1000].map((size) => ({ size, ms: 3 * size ** power }));
    expect(slopeOf(points)).toBeCloseTo(power, 10);
  });
});

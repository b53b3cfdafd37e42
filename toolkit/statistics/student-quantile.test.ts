import { describe, expect, it } from '@jest/globals';
import { studentQuantile } from './student-quantile.ts';

describe('studentQuantile', () => {
  // Published tables of Student's t.
  it.each([
    [0.01, 1, 31.8205],
    [0.01, 4, 3.7469],
    [0.05, 10, 1.8125],
    [0.005, 30, 2.75],
  ])('of %d with %d degrees is %d', (alpha, freedom, value) => {
    expect(studentQuantile(alpha, freedom)).toBeCloseTo(value, 3);
  });
});

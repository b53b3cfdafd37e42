import { logStudentCdf } from './incomplete-beta.ts';

/** The value that Student's t with `freedom` degrees exceeds with probability `alpha`, 0 < alpha < 0.5; by bisection. */
export function studentQuantile(alpha: number, freedom: number): number {
  const tail = Math.log(alpha);
  // The distribution is symmetric, and its lower tail keeps its digits.
  let high = 1;
  while (logStudentCdf(-high, freedom) > tail) high *= 2;
  let low = 0;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (logStudentCdf(-middle, freedom) > tail) low = middle;
    else high = middle;
  }
  return high;
}

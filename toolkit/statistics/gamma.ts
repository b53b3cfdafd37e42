const HALF_LOG_TWO_PI = 0.918_938_533_204_672_8;

/** Stirling's error for 0 … 15, where the asymptotic series is not exact to a double: ln n! by summation. */
const SMALL = stirlingErrorsUpTo(15);

/**
 * ln n! − [n ln n − n + ½ ln(2πn)] for n ≥ 1 (0 for n = 0): what Stirling's formula lacks.
 * Keeps binomial probabilities exact for counts up to 10⁹, where differences of ln n! lose nine digits.
 * Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function stirlingError(n: number): number {
  if (n <= 15 && Number.isInteger(n)) return SMALL[n] ?? 0;
  return stirlingSeries(n);
}

/** ln Γ(x) for x > 0: recurrence up to 15, then Stirling's series. */
export function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  let product = 1;
  while (z < 15) {
    product *= z;
    z += 1;
    if (product > 1e280) {
      shift += Math.log(product);
      product = 1;
    }
  }
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + stirlingSeries(z) - shift - Math.log(product);
}

/** ln B(a, b) for a, b > 0. */
export function logBeta(a: number, b: number): number {
  if (a < 15 || b < 15) {
    const small = Math.min(a, b);
    const large = Math.max(a, b);
    return logGamma(small) - logGammaRise(large, small);
  }
  const total = a + b;
  return (
    HALF_LOG_TWO_PI +
    0.5 * (Math.log(total) - Math.log(a) - Math.log(b)) +
    a * Math.log(a / total) +
    b * Math.log(b / total) +
    stirlingSeries(a) +
    stirlingSeries(b) -
    stirlingSeries(total)
  );
}

/** ln Γ(x + s) − ln Γ(x), without cancellation when x is large. */
function logGammaRise(x: number, s: number): number {
  if (x < 15) return logGamma(x + s) - logGamma(x);
  const y = x + s;
  return (x - 0.5) * Math.log1p(s / x) + s * (Math.log(y) - 1) + stirlingSeries(y) - stirlingSeries(x);
}

function stirlingSeries(n: number): number {
  const square = n * n;
  return (
    (1 / 12 -
      (1 / 360 - (1 / 1260 - (1 / 1680 - (1 / 1188 - 691 / 360360 / square) / square) / square) / square) /
        square) /
    n
  );
}

function stirlingErrorsUpTo(last: number): readonly number[] {
  const errors = [0];
  let logFactorial = 0;
  for (let n = 1; n <= last; n += 1) {
    logFactorial += Math.log(n);
    errors.push(logFactorial - (n * Math.log(n) - n + 0.5 * Math.log(n) + HALF_LOG_TWO_PI));
  }
  return errors;
}

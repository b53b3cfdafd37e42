import { logBeta } from './gamma.ts';

export interface BetaTails {
  /** ln P(X ≤ x) */
  readonly logLower: number;
  /** ln P(X > x) */
  readonly logUpper: number;
}

/**
 * Both tails of Beta(a, b) at x in logs, a, b > 0: the tail that the continued fraction gives directly keeps its
 * relative precision however small it is. Source: DiDonato & Morris (1992), DLMF 8.17.22 (modified Lentz).
 */
export function betaTails(a: number, b: number, x: number): BetaTails {
  if (x <= 0) return { logLower: -Infinity, logUpper: 0 };
  if (x >= 1) return { logLower: 0, logUpper: -Infinity };
  const logFront = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  if (x <= (a + 1) / (a + b + 2)) {
    const logLower = Math.min(0, logFront - Math.log(a) + Math.log(continuedFraction(a, b, x)));
    return { logLower, logUpper: logComplement(logLower) };
  }
  const logUpper = Math.min(0, logFront - Math.log(b) + Math.log(continuedFraction(b, a, 1 - x)));
  return { logLower: logComplement(logUpper), logUpper };
}

/** ln P(T ≤ t) of Student's t with `freedom` degrees of freedom. */
export function logStudentCdf(t: number, freedom: number): number {
  const { logLower } = betaTails(freedom / 2, 0.5, freedom / (freedom + t * t));
  const logOneTail = logLower - Math.LN2;
  return t <= 0 ? logOneTail : logComplement(logOneTail);
}

/** ln(1 − e^v) for v ≤ 0. */
function logComplement(v: number): number {
  return v > -Math.LN2 ? Math.log(-Math.expm1(v)) : Math.log1p(-Math.exp(v));
}

/** Converges in O(√max(a, b)) steps at or below the mean; the cap is far above what counts of 10⁹ need. */
function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let h = d;
  for (let m = 1; m < 500_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return h;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

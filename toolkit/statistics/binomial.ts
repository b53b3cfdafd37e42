import { stirlingError } from './gamma.ts';

/**
 * ln P(X = k), X ~ Binomial(n, p), for integers 0 ≤ k ≤ n, `odds` = p/(1 − p) > 0.
 * Source: C. Loader (2000): Stirling errors plus deviances, so nothing cancels near the mode.
 */
export function logBinomial(k: number, n: number, odds: number): number {
  const success = odds / (1 + odds);
  const failure = 1 / (1 + odds);
  if (k === 0) return -n * Math.log1p(odds);
  if (k === n) return -n * Math.log1p(1 / odds);
  return (
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    deviance(k, n * success) -
    deviance(n - k, n * failure) +
    0.5 * Math.log(n / (2 * Math.PI * k * (n - k)))
  );
}

/** x ln(x/m) + m − x for x, m > 0, by series where the terms would cancel. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let j = 1; j < 1000; j += 1) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

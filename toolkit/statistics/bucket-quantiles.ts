import { betaBinomialLogE } from './mixture-bounds.ts';

/** Cumulative counts of a classic histogram, `le` ascending, the last one Infinity (all requests). */
export interface Bucket {
  readonly le: number;
  readonly count: number;
}

export interface QuantileInterval {
  /** The quantile is above this boundary (−Infinity … Infinity) … */
  readonly low: number;
  /** … and at or below this one, at all looks at once with probability 1 − α. */
  readonly high: number;
}

/**
 * A confidence sequence for the q-quantile by inversion: boundaries whose share of slower requests is compatible
 * with 1 − q. Each bound spends α/2; only the buckets' boundaries can be told apart.
 * Source: Howard & Ramdas, "Sequential estimation of quantiles" (2022), with the beta-binomial mixture at fixed p.
 */
export function quantileInterval(buckets: readonly Bucket[], q: number, alpha: number): QuantileInterval {
  const total = buckets.at(-1)?.count ?? 0;
  let low = -Infinity;
  let high = Infinity;
  for (const { le, count } of buckets) {
    // P(X ≤ le) < q is shown by too few requests within le, P(X ≤ le) > q by too many.
    if (shows(total - count, total, 1 - q, alpha / 2)) low = Math.max(low, le);
    else if (shows(count, total, q, alpha / 2)) high = Math.min(high, le);
  }
  return { low, high };
}

/** True when x of n is too many for the rate p at level `alpha`, at whatever look this is. */
function shows(x: number, n: number, p: number, alpha: number): boolean {
  if (n === 0 || x <= n * p) return false;
  const v = p * (1 - p);
  const tuning = { timeOptimum: 1000 * v, alphaOptimum: alpha, sides: 'one', g: p, h: 1 - p } as const;
  return betaBinomialLogE(x - n * p, v * n, tuning) >= -Math.log(alpha);
}

/**
 * The boundaries to test, at most `most`: those nearest above stable's p50, p90, p95, p99 and p99.9 in its history
 * before the canary, the objective's own boundary, then their neighbours towards slower requests.
 * Never the first one that holds everything and never +Inf: nothing is slower.
 */
export function chooseBoundaries(history: readonly Bucket[], objective?: number, most = 8): number[] {
  const total = history.at(-1)?.count ?? 0;
  const finite = history.filter(({ le }) => Number.isFinite(le));
  const chosen = new Set<number>();
  const choose = (bucket: Bucket | undefined): void => {
    if (bucket !== undefined && chosen.size < most) chosen.add(bucket.le);
  };
  if (objective !== undefined) choose(finite.find(({ le }) => le >= objective));
  for (const q of total === 0 ? [] : [0.5, 0.9, 0.95, 0.99, 0.999]) {
    const index = finite.findIndex(({ count }) => count >= q * total);
    const bucket = finite[index] ?? finite.at(-1);
    choose(bucket?.count === total && index > 0 ? finite[index - 1] : bucket);
  }
  const slowest = Math.max(-Infinity, ...chosen);
  for (const bucket of finite.filter(({ le }) => le > slowest)) choose(bucket);
  if (total === 0) for (const bucket of finite) choose(bucket);
  return [...chosen].sort((a, b) => a - b);
}

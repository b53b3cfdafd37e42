export interface LineFit {
  /** Change per unit of x. */
  readonly slope: number;
  /** Value at the last x. */
  readonly last: number;
  /** Standard error of the slope; 0 for points on a line. */
  readonly slopeError: number;
  readonly mean: number;
  /** Standard deviation of the points about their mean (for a level test). */
  readonly deviation: number;
  /** Lag-1 correlation of the residuals about the line; 0 for fewer than 4 points. */
  readonly lag1: number;
  readonly count: number;
  /** Σ (x − mean x)², in squared units of x. */
  readonly spread: number;
}

/** Least squares through (x, y); needs at least 3 points with different x, else undefined. */
export function fitLine(xs: readonly number[], ys: readonly number[]): LineFit | undefined {
  const count = Math.min(xs.length, ys.length);
  if (count < 3) return undefined;
  const meanX = xs.reduce((sum, x) => sum + x, 0) / count;
  const mean = ys.reduce((sum, y) => sum + y, 0) / count;
  const spread = xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  if (spread === 0) return undefined;
  const slope = xs.reduce((sum, x, index) => sum + (x - meanX) * ((ys[index] ?? 0) - mean), 0) / spread;
  const residuals = ys.map((y, index) => y - mean - slope * ((xs[index] ?? 0) - meanX));
  const squares = residuals.reduce((sum, residual) => sum + residual ** 2, 0);
  const total = ys.reduce((sum, y) => sum + (y - mean) ** 2, 0);
  const products = residuals
    .slice(1)
    .reduce((sum, residual, index) => sum + residual * (residuals[index] ?? 0), 0);
  return {
    slope,
    last: mean + slope * ((xs.at(-1) ?? 0) - meanX),
    slopeError: Math.sqrt(squares / (count - 2) / spread),
    mean,
    deviation: Math.sqrt(total / (count - 1)),
    lag1: count < 4 || squares === 0 ? 0 : products / squares,
    count,
    spread,
  };
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's 95 % interval for `hits` of `runs`. */
export function wilson(hits: number, runs: number): Interval {
  if (runs === 0) return { low: 0, high: 1 };
  const z = 1.959_963_985;
  const rate = hits / runs;
  const centre = rate + (z * z) / (2 * runs);
  const spread = z * Math.sqrt((rate * (1 - rate)) / runs + (z * z) / (4 * runs * runs));
  const scale = 1 + (z * z) / runs;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

/** The q-quantile of values in any order; Infinity stands for "never". */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Seconds of CPU of this process, its helpers (garbage collection) included. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

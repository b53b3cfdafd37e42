import type { NativeHistogram, RawSeries } from '../../../../toolkit/prometheus/series.ts';

/** Boundaries kept per doubling: those of schema 1, about 41 % apart, which every finer schema has too. */
const perDoubling = 2;

/** From 15 microseconds to 36 hours for a histogram in seconds, and to 2 minutes for one in milliseconds. */
const lowestPower = -16;
const highestPower = 17;

export interface ClassicView {
  readonly series: readonly RawSeries[];
  /** Grid steps between the boundaries of the coarsest histogram seen; 0 without native histograms. */
  readonly step: number;
}

/**
 * Native histograms as classic bucket series with `le` labels, on one fixed grid 2^(i/2): the same boundaries at all
 * times and in both arms, whatever is populated. Schemas coarser than the grid give only the boundaries they have.
 */
export function asClassic(series: readonly RawSeries[]): ClassicView {
  if (series.every(({ histograms }) => histograms === undefined)) return { series, step: 0 };
  const samples = series.flatMap(({ histograms = [] }) => histograms);
  const step = Math.max(1, ...samples.map(([, histogram]) => stepOf(histogram)));
  const classic = series.flatMap((one) =>
    one.histograms === undefined || one.histograms.length === 0 ? [one] : buckets(one, one.histograms, step),
  );
  return { series: classic, step };
}

/** Whether a boundary is on the grid of a coarser histogram. */
export function onGrid(le: number, step: number): boolean {
  if (step === 0) return true;
  const index = Math.log2(le) * perDoubling;
  return Math.abs(index / step - Math.round(index / step)) < 1e-6;
}

function buckets(
  { labels }: RawSeries,
  histograms: readonly (readonly [number, NativeHistogram])[],
  step: number,
): RawSeries[] {
  const boundaries: number[] = [];
  for (let i = lowestPower * perDoubling; i <= highestPower * perDoubling; i += 1)
    if (i % step === 0) boundaries.push(2 ** (i / perDoubling));
  return [...boundaries, Infinity].map((le) => ({
    labels: { ...labels, __name__: `${labels.__name__ ?? ''}_bucket`, le: leText(le) },
    samples: histograms.map(([time, histogram]) => [time, countWithin(histogram, le)]),
  }));
}

/** How many grid steps one bucket spans: 1 for schema 1 and finer, 2 for schema 0, 4 for schema −1 … */
function stepOf({ buckets: all }: NativeHistogram): number {
  const exponential = all.find(({ lower, upper }) => lower > 0 && Number.isFinite(upper));
  if (exponential === undefined) return 1;
  return Math.max(1, Math.round(Math.log2(exponential.upper / exponential.lower) * perDoubling));
}

/** Observations at or below the boundary; the grid makes sure that no bucket lies across it. */
function countWithin({ buckets: all, count }: NativeHistogram, le: number): number {
  if (le === Infinity) return count;
  let within = 0;
  for (const { upper, count: inside } of all) if (upper <= le * (1 + 1e-9)) within += inside;
  return within;
}

/** One text for one boundary, whatever its last digit says. */
function leText(le: number): string {
  return le === Infinity ? '+Inf' : String(Number(le.toPrecision(12)));
}

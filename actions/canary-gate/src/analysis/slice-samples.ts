import type { RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { Samples } from './look.ts';

/**
 * Cuts the samples of a long window into those of each look, given the looks' ends in rising order. One pass: each
 * sample is visited once, however many looks there are.
 */
export function* sliceSamples(samples: Samples, ends: readonly number[]): Generator<Samples> {
  // A single look is what the query asked for already.
  if (ends.length === 1) {
    yield samples;
    return;
  }
  const cursors = [...samples].map(([query, series]) => ({
    query,
    series: series.map((one) => ({ one, sample: 0, histogram: 0 })),
  }));
  for (const end of ends) {
    const part = new Map<string, RawSeries[]>();
    for (const { query, series } of cursors) {
      const cut: RawSeries[] = [];
      for (const cursor of series) {
        const { one } = cursor;
        const from = cursor.sample;
        while ((one.samples[cursor.sample]?.[0] ?? Infinity) <= end) cursor.sample += 1;
        const histograms = one.histograms ?? [];
        const fromHistogram = cursor.histogram;
        while ((histograms[cursor.histogram]?.[0] ?? Infinity) <= end) cursor.histogram += 1;
        if (from === cursor.sample && fromHistogram === cursor.histogram) continue;
        cut.push({
          labels: one.labels,
          samples: one.samples.slice(from, cursor.sample),
          ...(one.histograms === undefined
            ? {}
            : { histograms: histograms.slice(fromHistogram, cursor.histogram) }),
        });
      }
      part.set(query, cut);
    }
    yield part;
  }
}

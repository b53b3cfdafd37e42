import { counterTracker } from '../../toolkit/prometheus/counter-tracker.ts';
import type { RawSeries } from '../../toolkit/prometheus/series.ts';
import type { ArmCounts } from '../../toolkit/statistics/factor.ts';

/** What a pod's process has counted since it began: two series of one counter, as with a `code` label. */
export interface Counters {
  good: number;
  bad: number;
}

/** Differences the pods' counters; undefined for a pod that was not scraped at that time. */
export type Scraper = (
  seconds: number,
  scraped: readonly (Counters | undefined)[],
) => readonly (ArmCounts | undefined)[];

/**
 * Scrapes pods and differences what they show with the gate's own tracker, so that births, resets and lost scrapes
 * are counted as the gate counts them. As with Prometheus' client libraries, a series of errors begins with the first.
 */
export function scraper(names: readonly string[]): Scraper {
  const labels = names.map((pod) => ({ good: { pod, code: '200' }, bad: { pod, code: '500' } }));
  const places = new Map(names.map((name, place) => [name, place]));
  const tracker = counterTracker(0, ({ pod = '', code }) => ({
    place: places.get(pod) ?? -1,
    bad: code === '500',
  }));
  return (seconds, scraped) => {
    const ms = 1000 * seconds;
    const series: RawSeries[] = [];
    const counts: ({ events: number; total: number } | undefined)[] = [];
    for (const [place, counters] of scraped.entries()) {
      const of = labels[place];
      if (counters === undefined || of === undefined) {
        counts.push(undefined);
        continue;
      }
      counts.push({ events: 0, total: 0 });
      series.push({ labels: of.good, samples: [[ms, counters.good]] });
      if (counters.bad > 0) series.push({ labels: of.bad, samples: [[ms, counters.bad]] });
    }
    for (const { series: from, delta } of tracker.feed(series, ms).increments) {
      const count = counts[from.tag.place];
      if (count === undefined) continue;
      count.total += delta;
      if (from.tag.bad) count.events += delta;
    }
    return counts;
  };
}

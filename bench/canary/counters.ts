import { counterTracker } from '../../toolkit/prometheus/counter-tracker.ts';
import type { Labels, RawSeries } from '../../toolkit/prometheus/series.ts';
import type { PodCounts } from '../../toolkit/statistics/dispersion.ts';

/** What a pod's process has counted since it began: two series of one counter, as with a `code` label. */
export interface Counters {
  good: number;
  bad: number;
}

/** Differences the pods' counters; undefined for a pod that was not scraped at that time. */
export type Scraper = (
  seconds: number,
  scraped: readonly (Counters | undefined)[],
) => readonly (PodCounts | undefined)[];

/**
 * Scrapes pods and differences what they show with the gate's own tracker, so that births, resets and lost scrapes
 * are counted as the gate counts them. As with Prometheus' client libraries, a series of errors begins with the first.
 */
export function scraper(names: readonly string[]): Scraper {
  const pods = names.map((pod) => ({
    pod,
    good: seriesOf({ pod, code: '200' }),
    bad: seriesOf({ pod, code: '500' }),
  }));
  const places = new Map(names.map((name, place) => [name, place]));
  const tracker = counterTracker(0, ({ pod = '', code }) => ({
    place: places.get(pod) ?? -1,
    bad: code === '500',
  }));
  return (seconds, scraped) => {
    const ms = 1000 * seconds;
    const answer: RawSeries[] = [];
    const counts = pods.map(({ pod, good, bad }, place) => {
      const counters = scraped[place];
      if (counters === undefined) return undefined;
      answer.push(good.at(ms, counters.good));
      if (counters.bad > 0) answer.push(bad.at(ms, counters.bad));
      return { pod, events: 0, total: 0 };
    });
    for (const { series, delta } of tracker.feed(answer, ms).increments) {
      const count = counts[series.tag.place];
      if (count === undefined) continue;
      count.total += delta;
      if (series.tag.bad) count.events += delta;
    }
    return counts;
  };
}

/** A series with one sample, which is written over from scrape to scrape: millions of them are taken. */
function seriesOf(labels: Labels): { readonly at: (ms: number, value: number) => RawSeries } {
  const sample: [number, number] = [0, 0];
  const series = { labels, samples: [sample] };
  return {
    at: (ms, value) => {
      sample[0] = ms;
      sample[1] = value;
      return series;
    },
  };
}

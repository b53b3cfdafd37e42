import type { Labels, RawSeries } from '../../../../toolkit/prometheus/series.ts';

export interface FakePod {
  readonly pod: string;
  readonly track: 'canary' | 'stable';
  /** Requests per second. */
  readonly rps: number;
  /** Chance of an error per request at a time in seconds since the start. */
  readonly errorRate: (second: number) => number;
  /** Seconds relative to the start at which the pod begins and ends. */
  readonly from?: number;
  readonly to?: number;
}

/** A small generator with a seed (mulberry32), so that a test tells the same story each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Counters of `http_requests_total{code}` as Prometheus would have scraped them every `scrapeSeconds`. */
export function fakeHistory(
  pods: readonly FakePod[],
  options: { sinceMs: number; seconds: number; scrapeSeconds?: number; seed?: number },
): RawSeries[] {
  const random = seeded(options.seed ?? 1);
  const scrape = options.scrapeSeconds ?? 5;
  const all: RawSeries[] = [];
  for (const { pod, track, rps, errorRate, from = -900, to = Infinity } of pods) {
    const samples: Record<'200' | '500', [number, number][]> = { '200': [], '500': [] };
    let good = 0;
    let bad = 0;
    for (let second = Math.max(from, -900); second <= Math.min(to, options.seconds); second += scrape) {
      for (let i = 0; i < rps * scrape; i += 1) {
        if (random() < errorRate(second)) bad += 1;
        else good += 1;
      }
      const time = options.sinceMs + second * 1000;
      samples['200'].push([time, good]);
      if (bad > 0) samples['500'].push([time, bad]);
    }
    for (const code of ['200', '500'] as const) {
      const labels: Labels = { __name__: 'http_requests_total', app: 'shop', track, pod, code };
      if (samples[code].length > 0) all.push({ labels, samples: samples[code] });
    }
  }
  return all;
}

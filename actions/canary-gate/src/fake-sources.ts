import type { PrometheusPort } from '../../../toolkit/prometheus/prometheus.ts';
import type { RawSeries } from '../../../toolkit/prometheus/series.ts';
import type { Sources } from './fetch-samples.ts';

/** A Prometheus with a Loki that has counted the given lines, by a word of the query. */
export function fakeSources(
  prometheus: PrometheusPort,
  lines: Readonly<Record<string, readonly RawSeries[]>> = {},
): Sources {
  return {
    prometheus,
    loki: {
      counts: async (_, expression, { fromMs, toMs }) => {
        const found = Object.entries(lines).find(([word]) => expression.includes(word))?.[1] ?? [];
        return found.map((one) => ({
          ...one,
          samples: one.samples.filter(([time]) => time > fromMs && time <= toMs),
        }));
      },
    },
  };
}

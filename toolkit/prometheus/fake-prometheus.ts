import { parseSelector, labelTest } from './matchers.ts';
import { QueryFailure, type PrometheusPort, type QueryProblem } from './prometheus.ts';
import type { RawSeries } from './series.ts';

/** Serves given series out of memory; `failing(endMs)` may name a problem for a moment in time. */
export function fakePrometheus(
  stored: readonly RawSeries[],
  options: { now?: () => number; failing?: (endMs: number) => QueryProblem | undefined } = {},
): PrometheusPort & { queries: { selector: string; endMs: number; windowMs: number }[] } {
  const queries: { selector: string; endMs: number; windowMs: number }[] = [];
  return {
    queries,
    serverTime: async () => options.now?.() ?? 0,
    rangeVector: async (selector, endMs, windowMs) => {
      queries.push({ selector, endMs, windowMs });
      const problem = options.failing?.(endMs);
      if (problem !== undefined) throw new QueryFailure(problem);
      const { metric, matchers } = parseSelector(selector);
      const test = labelTest(matchers);
      const series = stored
        .filter(({ labels }) => (metric === undefined || labels.__name__ === metric) && test(labels))
        .map((one) => ({
          ...one,
          samples: one.samples.filter(([time]) => time > endMs - windowMs && time <= endMs),
          ...(one.histograms === undefined
            ? {}
            : { histograms: one.histograms.filter(([time]) => time > endMs - windowMs && time <= endMs) }),
        }))
        .filter(({ samples, histograms = [] }) => samples.length + histograms.length > 0);
      return { series, warnings: [] };
    },
  };
}

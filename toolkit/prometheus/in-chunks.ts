import { QueryFailure, type PrometheusPort } from './prometheus.ts';
import { seriesKey, type RawAnswer, type RawSeries } from './series.ts';

/** Longest window asked for in one query: bounds the size of an answer. */
const longestMs = 30 * 60_000;
/** A window that is refused at this length is refused for another reason than its size. */
const shortestMs = 60_000;

/**
 * Asks for long windows in parts and joins them. A server that refuses a part because it cannot carry the query out
 * (status 422: more samples than `--query.max-samples`, more chunks or bytes than a tenant may read) is asked for half
 * of it, and remembered to be so small for the selector.
 */
export function inChunks(prometheus: PrometheusPort): PrometheusPort {
  const longest = new Map<string, number>();

  return {
    serverTime: prometheus.serverTime,
    rangeVector: async (selector, endMs, windowMs, signal) => {
      const startMs = endMs - windowMs;
      const answers: RawAnswer[] = [];
      for (let fromMs = startMs; fromMs < endMs;) {
        const lengthMs = Math.min(longest.get(selector) ?? longestMs, endMs - fromMs);
        try {
          answers.push(await prometheus.rangeVector(selector, fromMs + lengthMs, lengthMs, signal));
          fromMs += lengthMs;
        } catch (error) {
          if (!isTooMuch(error) || lengthMs <= shortestMs) throw error;
          longest.set(selector, Math.max(shortestMs, lengthMs / 2));
        }
      }
      const [only] = answers;
      return answers.length === 1 && only !== undefined ? only : joined(answers);
    },
  };
}

function isTooMuch(error: unknown): boolean {
  return error instanceof QueryFailure && error.problem.kind === 'refused' && error.problem.status === 422;
}

function joined(answers: readonly RawAnswer[]): RawAnswer {
  const series = new Map<string, RawSeries>();
  for (const one of answers.flatMap((answer) => answer.series)) {
    const key = seriesKey(one.labels);
    const before = series.get(key);
    series.set(key, before === undefined ? one : continued(before, one));
  }
  return {
    series: [...series.values()],
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
  };
}

/** Before version 3 Prometheus gives a sample at the border to both parts. */
function continued(before: RawSeries, after: RawSeries): RawSeries {
  const samples = before.samples.concat(later(after.samples, before.samples.at(-1)?.[0]));
  if (before.histograms === undefined && after.histograms === undefined)
    return { labels: before.labels, samples };
  const [old, more] = [before.histograms ?? [], after.histograms ?? []];
  return { labels: before.labels, samples, histograms: old.concat(later(more, old.at(-1)?.[0])) };
}

function later<Value>(
  samples: readonly (readonly [number, Value])[],
  thanMs = -Infinity,
): (readonly [number, Value])[] {
  return samples.filter(([atMs]) => atMs > thanMs);
}

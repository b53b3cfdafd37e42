import { HttpFailure, type HttpAnswer, type HttpPort } from '../http/http.ts';
import { parseRangeVector } from './parse-answer.ts';
import { QueryFailure } from './prometheus.ts';
import type { RawSeries } from './series.ts';

/** Counts log lines. Rejects with `QueryFailure` when no usable data came. */
export interface LokiPort {
  /**
   * Evaluates a metric query every `stepMs` from `fromMs` to `toMs`; each sample stands at the end of its step. Loki's
   * query frontend moves the steps to whole multiples of their length, so that times can differ by up to a step and
   * there may be one sample too many at either end: whoever counts, counts by the samples' own times.
   * https://grafana.com/docs/loki/latest/reference/loki-http-api/#query-logs-within-a-range-of-time
   */
  readonly counts: (
    url: string,
    expression: string,
    span: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
    signal: AbortSignal,
  ) => Promise<readonly RawSeries[]>;
}

/** Loki over HTTP; `headersFor` decides which credentials a server may see. */
export function httpLoki(
  http: HttpPort,
  headersFor: (url: string) => Readonly<Record<string, string>>,
): LokiPort {
  return {
    counts: async (url, expression, { fromMs, toMs, stepMs }, signal) => {
      const parameters = new URLSearchParams({
        query: expression,
        // Never equal to the end: the frontend answers a span without length with nothing when it is on a whole step.
        start: nanoseconds(fromMs),
        end: nanoseconds(toMs),
        step: `${stepMs / 1000}s`,
      });
      const address = `${url.replace(/\/+$/, '')}/loki/api/v1/query_range?${parameters.toString()}`;
      let answer: HttpAnswer;
      try {
        const headers = { accept: 'application/json', ...headersFor(url) };
        answer = await http.send({ method: 'GET', url: address, headers }, signal);
      } catch (error) {
        if (!(error instanceof HttpFailure)) throw error;
        throw new QueryFailure({ kind: 'unreachable', detail: `Loki: ${error.message}` }, { cause: error });
      }
      try {
        return parseRangeVector(answer).series;
      } catch (error) {
        if (!(error instanceof QueryFailure)) throw error;
        const { problem } = error;
        throw new QueryFailure({ ...problem, detail: `Loki: ${problem.detail}` }, { cause: error });
      }
    },
  };
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}

import type { LokiPort } from '../../../toolkit/prometheus/loki.ts';
import { QueryFailure, type PrometheusPort } from '../../../toolkit/prometheus/prometheus.ts';
import type { RawSeries } from '../../../toolkit/prometheus/series.ts';
import type { LogQuery, Samples } from './analysis/look.ts';

/** Where samples come from. */
export interface Sources {
  readonly prometheus: PrometheusPort;
  readonly loki: LokiPort;
}

/** What to ask for. */
export interface Wanted {
  readonly queries: readonly string[];
  readonly logQueries: readonly LogQuery[];
}

/** Queries under way at once: enough to hide the way there and back, few enough for a small Prometheus. */
const atOnce = 4;

/**
 * Raw samples of every query in (fromMs, toMs]. An answer that the server calls incomplete is refused as a whole:
 * raw samples can be asked for again at the next look, a missing pod could not be noticed.
 */
export async function fetchSamples(
  { prometheus, loki }: Sources,
  { queries, logQueries }: Wanted,
  span: { readonly fromMs: number; readonly toMs: number; readonly intervalMs: number },
  signal: AbortSignal,
): Promise<Samples> {
  const { fromMs, toMs, intervalMs } = span;
  const samples = new Map<string, readonly RawSeries[]>();
  if (toMs <= fromMs) return samples;
  const jobs = [
    ...queries.map((query) => async () => {
      const answer = await prometheus.rangeVector(query, toMs, toMs - fromMs, signal);
      if (answer.warnings.length > 0)
        throw new QueryFailure({ kind: 'partial', detail: answer.warnings.join('; ') });
      samples.set(query, answer.series);
    }),
    ...logQueries.map(({ key, url, expression }) => async () => {
      const counted = expression.replace('[RANGE]', `[${intervalMs / 1000}s]`);
      samples.set(key, await loki.counts(url, counted, { fromMs, toMs, stepMs: intervalMs }, signal));
    }),
  ];
  const worker = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return samples;
}

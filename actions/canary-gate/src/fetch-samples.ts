import { QueryFailure, type PrometheusPort } from '../../../toolkit/prometheus/prometheus.ts';
import type { RawSeries } from '../../../toolkit/prometheus/series.ts';
import type { Samples } from './analysis/look.ts';

/** Queries under way at once: enough to hide the way there and back, few enough for a small Prometheus. */
const atOnce = 4;

/**
 * Raw samples of every query in (fromMs, toMs]. An answer that the server calls incomplete is refused as a whole:
 * raw samples can be asked for again at the next look, a missing pod could not be noticed.
 */
export async function fetchSamples(
  prometheus: PrometheusPort,
  queries: readonly string[],
  fromMs: number,
  toMs: number,
  signal: AbortSignal,
): Promise<Samples> {
  const samples = new Map<string, readonly RawSeries[]>();
  const waiting = [...queries];
  const worker = async (): Promise<void> => {
    for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
      const answer = await prometheus.rangeVector(query, toMs, toMs - fromMs, signal);
      if (answer.warnings.length > 0)
        throw new QueryFailure({ kind: 'partial', detail: answer.warnings.join('; ') });
      samples.set(query, answer.series);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, queries.length) }, worker));
  return samples;
}

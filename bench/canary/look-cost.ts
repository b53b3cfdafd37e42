import { gate } from '../../actions/canary-gate/src/analysis/gate.ts';
import type { Samples } from '../../actions/canary-gate/src/analysis/look.ts';
import { parseMetrics } from '../../actions/canary-gate/src/config/parse-metrics.ts';
import { parseMatchers } from '../../toolkit/prometheus/matchers.ts';
import { matrixReader } from '../../toolkit/prometheus/matrix-reader.ts';
import { parseRangeVector } from '../../toolkit/prometheus/parse-answer.ts';
import type { RawSeries } from '../../toolkit/prometheus/series.ts';
import { answerOf, worldSinceMs, type LookWorld } from './look-world.ts';
import { cpuSeconds, median } from './measures.ts';

/** CPU milliseconds of one whole look, and of `JSON.parse` alone on the same answers in the same process. */
export interface LookCost {
  readonly readMs: number;
  readonly judgeMs: number;
  readonly jsonMs: number;
  readonly megabytes: number;
}

/** Looks as the gate takes them, from the text of the answers to the decision; medians, without the first looks. */
export function costOfLook(world: LookWorld, looks: number): LookCost {
  const running = gate(gateOf(world));
  const queries = running.queries.slice(0, world.metrics);
  const readers = queries.map(() => matrixReader());
  const costs = { read: [] as number[], judge: [] as number[], json: [] as number[] };
  let bytes = 0;

  const ask = (index: number): { samples: Samples; readMs: number; jsonMs: number } => {
    const samples = new Map<string, readonly RawSeries[]>();
    let [readMs, jsonMs] = [0, 0];
    bytes = 0;
    for (const [metric, query] of queries.entries()) {
      const text = answerOf(world, metric, worldSinceMs + index * world.intervalMs);
      // As a body arrives: one flat text.
      const body = Buffer.from(text).toString('utf8');
      bytes += body.length;
      jsonMs += 1000 * cpuSeconds(() => void JSON.parse(body));
      readMs +=
        1000 *
        cpuSeconds(() => {
          const answer = { status: 200, headers: {}, body };
          samples.set(query, parseRangeVector(answer, readers[metric]).series);
        });
    }
    return { samples, readMs, jsonMs };
  };

  running.baseline(ask(0).samples);
  for (let look = 1; look <= looks; look += 1) {
    const { samples, readMs, jsonMs } = ask(look);
    const judgeMs = 1000 * cpuSeconds(() => void running.observe(samples, []));
    if (look <= 2) continue;
    costs.read.push(readMs);
    costs.judge.push(judgeMs);
    costs.json.push(jsonMs);
  }
  return {
    readMs: median(costs.read),
    judgeMs: median(costs.judge),
    jsonMs: median(costs.json),
    megabytes: bytes / 1e6,
  };
}

function gateOf({ metrics, intervalMs }: LookWorld) {
  const yaml = Array.from(
    { length: metrics },
    (_, index) =>
      `- {name: operation-${index}, type: latency, histogram: app_operation_${index}_duration_seconds}`,
  );
  return {
    metrics: parseMetrics(yaml.join('\n'), 'metrics', { margin: 1.25, promoteMargin: undefined }),
    arms: {
      canary: parseMatchers('app="shop",track="canary"'),
      stable: parseMatchers('app="shop",track="stable"'),
    },
    ...{ sinceMs: worldSinceMs, intervalMs, alpha: 0.01, promoteAlpha: 0.05, plannedSteps: 0 },
    ...{ minDurationMs: 300_000, maxDurationMs: 86_400_000 },
  };
}

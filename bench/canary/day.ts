import { gate, type GateConfig } from '../../actions/canary-gate/src/analysis/gate.ts';
import { parseMetrics } from '../../actions/canary-gate/src/config/parse-metrics.ts';
import { lookLog } from '../../actions/canary-gate/src/look-log.ts';
import { replay } from '../../actions/canary-gate/src/replay.ts';
import { parseMatchers } from '../../toolkit/prometheus/matchers.ts';
import type { RawSeries } from '../../toolkit/prometheus/series.ts';
import { cpuSeconds } from './measures.ts';

const INTERVAL_MS = 15_000;
const SINCE_MS = 1_800_000_000_000;
const CANARY_PODS = 1;

/** One ratio metric that never decides: the canary is healthy, and the shortest duration is beyond the end. */
function config(looks: number): GateConfig {
  const durationMs = (looks + 1) * INTERVAL_MS;
  return {
    metrics: parseMetrics('- preset: http-errors', 'metrics', { margin: 1.25, promoteMargin: undefined }),
    arms: {
      canary: parseMatchers('app="shop",track="canary"'),
      stable: parseMatchers('app="shop",track="stable"'),
    },
    ...{ sinceMs: SINCE_MS, intervalMs: INTERVAL_MS, alpha: 0.01, promoteAlpha: 0.05, plannedSteps: 0 },
    ...{ minDurationMs: durationMs, maxDurationMs: durationMs },
  };
}

/**
 * What Prometheus has in (fromMs, toMs] of 200 requests a second over the pods, 0.5 % of them errors. With `livesMs`
 * the stable pods are replaced, one after the other, each after that time.
 */
function stored(
  selector: string,
  fromMs: number,
  toMs: number,
  pods: number,
  livesMs = Infinity,
): RawSeries[] {
  const counts = selector.startsWith('http_requests_total');
  const series: RawSeries[] = [];
  for (let place = 0; place < pods; place += 1) {
    const track = place < CANARY_PODS ? 'canary' : 'stable';
    // Each place of stable changes hands at times of its own.
    const age = (ms: number): number =>
      place < CANARY_PODS || livesMs === Infinity ? 0 : Math.floor((ms - SINCE_MS) / livesMs + place / pods);
    for (let generation = age(fromMs + 1); generation <= age(toMs); generation += 1) {
      const pod = `shop-${track}-${place}-${generation}`;
      const bornMs = generation === 0 ? -Infinity : SINCE_MS + (generation - place / pods) * livesMs;
      const times: number[] = [];
      for (let ms = (Math.floor(fromMs / INTERVAL_MS) + 1) * INTERVAL_MS; ms <= toMs; ms += INTERVAL_MS)
        if (age(ms) === generation) times.push(ms);
      if (times.length === 0) continue;
      const add = (labels: Record<string, string>, value: (ms: number) => number): void => {
        series.push({
          labels: { app: 'shop', track, pod, ...labels },
          samples: times.map((ms) => [ms, value(ms)]),
        });
      };
      const served = (ms: number): number =>
        ((ms - Math.max(bornMs, SINCE_MS - 7_200_000)) / 1000) * (200 / pods);
      if (counts) {
        add({ __name__: 'http_requests_total', code: '200' }, (ms) => Math.floor(0.995 * served(ms)));
        add({ __name__: 'http_requests_total', code: '500' }, (ms) =>
          Math.floor(0.005 * served(ms) + place / pods),
        );
      } else {
        add({ __name__: 'up' }, () => 1);
        add({ __name__: 'process_start_time_seconds' }, () => Math.max(bornMs, 0) / 1000);
      }
    }
  }
  return series;
}

/** CPU seconds of the gate's own `replay` of so many looks over 20 pods; what is asked for lies ready, as text does. */
export async function cpuOfReplay(looks: number): Promise<{ seconds: number; looks: number }> {
  let making = 0;
  const sources = {
    prometheus: {
      serverTime: () => Promise.resolve(Infinity),
      rangeVector: (selector: string, endMs: number, windowMs: number) => {
        let series: RawSeries[] = [];
        making += cpuSeconds(() => {
          series = stored(selector, endMs - windowMs, endMs, 20);
        });
        return Promise.resolve({ series, warnings: [] });
      },
    },
    loki: { counts: () => Promise.resolve([]) },
  };
  const before = process.cpuUsage();
  const endMs = SINCE_MS + looks * INTERVAL_MS;
  const { looks: taken } = await replay(sources, config(looks), endMs, new AbortController().signal);
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6 - making, looks: (taken.at(-1)?.index ?? -1) + 1 };
}

/** Bytes of heap that the gate and its look log gain from look 1,000 to the last; needs `--expose-gc` to be exact. */
export function growthOfGate(looks: number, livesMs = Infinity): number {
  const running = gate(config(looks));
  const log = lookLog(config(looks));
  const samples = (fromMs: number, toMs: number) =>
    new Map(running.queries.map((query) => [query, stored(query, fromMs, toMs, 20, livesMs)]));
  running.baseline(samples(SINCE_MS - 3_600_000, SINCE_MS));
  let before = 0;
  for (let look = 0; look < looks; look += 1) {
    const fromMs = SINCE_MS + look * INTERVAL_MS;
    log.add(running.observe(samples(fromMs, fromMs + INTERVAL_MS), []).report);
    if (look === 1000) before = heap();
  }
  const growth = heap() - before;
  // Both are in use until here.
  return running.looks() + log.list().length > 0 ? growth : NaN;
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

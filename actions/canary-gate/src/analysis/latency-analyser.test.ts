import { describe, expect, it } from '@jest/globals';
import type { NativeHistogram, RawSeries } from '../../../../toolkit/prometheus/series.ts';
import { parseMatchers } from '../../../../toolkit/prometheus/matchers.ts';
import { fakePrometheus } from '../../../../toolkit/prometheus/fake-prometheus.ts';
import { fakeSources as sources } from '../fake-sources.ts';
import { parseMetrics } from '../config/parse-metrics.ts';
import { replay } from '../replay.ts';
import { seeded } from './fake-history.ts';

const sinceMs = 1_800_000_000_000;
const boundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5];

interface Pod {
  readonly pod: string;
  readonly track: 'canary' | 'stable';
  readonly rps: number;
  /** Mean latency in seconds (exponential). */
  readonly mean: number;
  readonly layout?: readonly number[];
  /** When it begins, seconds since the start. */
  readonly from?: number;
}

/** Scrapes of exponential latencies, as classic buckets or as native histograms of a schema. */
function histories(pods: readonly Pod[], seconds: number, schema?: number): RawSeries[] {
  const random = seeded(7);
  return pods.flatMap(({ pod, track, rps, mean, layout = boundaries, from = -600 }): RawSeries[] => {
    const labels = { app: 'shop', track, pod };
    const indices = new Map<number, number>();
    const within = new Map<number, number>();
    const classic = new Map<number, [number, number][]>([...layout, Infinity].map((le) => [le, []]));
    const native: [number, NativeHistogram][] = [];
    for (let second = from; second <= seconds; second += 15) {
      for (let i = 0; i < rps * 15; i += 1) {
        const latency = -mean * Math.log(1 - random());
        if (schema !== undefined) count(indices, latency, schema);
        for (const le of classic.keys()) if (latency <= le) within.set(le, (within.get(le) ?? 0) + 1);
      }
      const time = sinceMs + second * 1000;
      if (schema === undefined)
        for (const [le, samples] of classic) samples.push([time, within.get(le) ?? 0]);
      else native.push([time, nativeOf(indices, schema)]);
    }
    if (schema !== undefined)
      return [{ labels: { __name__: 'duration_seconds', ...labels }, samples: [], histograms: native }];
    return [...classic].map(([le, samples]) => ({
      labels: { __name__: 'duration_seconds_bucket', ...labels, le: le === Infinity ? '+Inf' : String(le) },
      samples,
    }));
  });
}

function count(counts: Map<number, number>, latency: number, schema: number): void {
  const index = Math.ceil(Math.log2(Math.max(latency, 1e-6)) * 2 ** schema);
  counts.set(index, (counts.get(index) ?? 0) + 1);
}

function nativeOf(counts: ReadonlyMap<number, number>, schema: number): NativeHistogram {
  const buckets = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([index, inside]) => ({
      lower: 2 ** ((index - 1) / 2 ** schema),
      upper: 2 ** (index / 2 ** schema),
      count: inside,
    }));
  return { count: buckets.reduce((sum, bucket) => sum + bucket.count, 0), sum: 0, buckets };
}

function run(series: RawSeries[], minutes: number, extra = '') {
  const yaml = `- {name: latency, type: latency, histogram: duration_seconds${extra}}`;
  const config = {
    metrics: parseMetrics(yaml, 'metrics', { margin: 1.25, promoteMargin: undefined }),
    arms: {
      canary: parseMatchers('app="shop",track="canary"'),
      stable: parseMatchers('app="shop",track="stable"'),
    },
    ...{ sinceMs, intervalMs: 15_000, alpha: 0.01, promoteAlpha: 0.05, plannedSteps: 0 },
    ...{ minDurationMs: 60_000, maxDurationMs: 1_800_000 },
  };
  const signal = new AbortController().signal;
  const prometheus = fakePrometheus(series);
  return replay(sources(prometheus), config, sinceMs + minutes * 60_000, signal);
}

const arms = (canaryMean: number, canaryLayout = boundaries): Pod[] => [
  { pod: 's1', track: 'stable', rps: 6, mean: 0.1 },
  { pod: 's2', track: 'stable', rps: 6, mean: 0.1 },
  { pod: 'c1', track: 'canary', rps: 3, mean: canaryMean, layout: canaryLayout },
];

describe('latencyAnalyser', () => {
  it('fails a canary that is slower, and names the boundary and the quantile', async () => {
    const { verdict, looks } = await run(histories(arms(0.2), 600), 10);
    expect(verdict.kind).toBe('fail');
    expect(looks.at(-1)?.metrics[0]?.note).toMatch(/^slower than 0\.\d+; canary's p99 between/);
  });

  it('passes a canary that is as fast', async () => {
    expect((await run(histories(arms(0.1), 1200), 20)).verdict.kind).toBe('pass');
  });

  it('reads native histograms of any schema the same way', async () => {
    for (const schema of [3, 0]) {
      expect((await run(histories(arms(0.2), 600, schema), 10)).verdict.kind).toBe('fail');
      expect((await run(histories(arms(0.1), 1200, schema), 20)).verdict.kind).toBe('pass');
    }
  });

  it('compares the common boundaries of different layouts and says so', async () => {
    const { verdict, looks } = await run(histories(arms(0.2, [0.1, 0.5, 3]), 600), 10);
    expect(verdict.kind).toBe('fail');
    expect(looks.at(-1)?.metrics[0]?.problems).toContainEqual(
      expect.objectContaining({ kind: 'bucket-layout', blocks: false }),
    );
  });

  it('does not take requests of a pod for slow because it has other buckets', async () => {
    const pods = [...arms(0.1), { ...arms(0.1, [0.02, 0.1, 0.25, 3])[2]!, pod: 'c2' }];
    const { verdict, looks } = await run(histories(pods, 1200), 20);
    expect(verdict.kind).toBe('pass');
    expect(Math.max(...looks.map(({ logE }) => logE))).toBeLessThan(Math.log(3));
  });

  it('passes no canary of which a pod cannot be compared, and says which', async () => {
    const late = { ...arms(0.1, [0.02, 0.07])[2]!, pod: 'c2', from: 240 };
    const { verdict, looks } = await run(histories([...arms(0.1), late], 1200), 20);
    expect(verdict.kind).toBe('inconclusive');
    expect(looks.at(-1)?.metrics[0]?.problems).toContainEqual(
      expect.objectContaining({ kind: 'bucket-layout', text: expect.stringContaining('c2'), blocks: true }),
    );
  });

  it('decides nothing when the layouts have nothing in common', async () => {
    const { verdict } = await run(histories(arms(0.5, [0.3, 0.7]), 1800), 30);
    expect(verdict).toMatchObject({ kind: 'inconclusive', cause: 'bad-data' });
  });
});

import { fakePrometheus } from '../../../../toolkit/prometheus/fake-prometheus.ts';
import { parseMatchers } from '../../../../toolkit/prometheus/matchers.ts';
import type { RawSeries } from '../../../../toolkit/prometheus/series.ts';
import { parseMetrics } from '../config/parse-metrics.ts';
import { fakeSources } from '../fake-sources.ts';
import { replay } from '../replay.ts';
import type { GateResult } from '../result.ts';

/** When the canary of every fake history begins, ms. */
export const fakeSinceMs = 1_800_000_000_000;

/** The usual gate for tests: arms of a shop, looks every 15 s. */
export function fakeGateConfig(yaml: string) {
  return {
    metrics: parseMetrics(yaml, 'metrics', { margin: 1.25, promoteMargin: undefined }),
    arms: {
      canary: parseMatchers('app="shop",track="canary"'),
      stable: parseMatchers('app="shop",track="stable"'),
    },
    ...{ sinceMs: fakeSinceMs, intervalMs: 15_000, alpha: 0.01, promoteAlpha: 0.05, plannedSteps: 0 },
    ...{ minDurationMs: 300_000, maxDurationMs: 86_400_000 },
  };
}

/** Replays series held in memory for some minutes after the start. */
export function replayFake(
  yaml: string,
  series: readonly RawSeries[],
  minutes: number,
  lines: Readonly<Record<string, readonly RawSeries[]>> = {},
): Promise<GateResult> {
  const sources = fakeSources(fakePrometheus(series), lines);
  const endMs = fakeSinceMs + minutes * 60_000;
  return replay(sources, fakeGateConfig(yaml), endMs, new AbortController().signal);
}

/** One series sampled every 15 s from 10 minutes before the start; undefined leaves a sample out. */
export function fakeSeries(
  labels: Readonly<Record<string, string>>,
  minutes: number,
  value: (second: number) => number | undefined,
): RawSeries {
  const samples: [number, number][] = [];
  for (let second = -600; second <= minutes * 60; second += 15) {
    const sample = value(second);
    if (sample !== undefined) samples.push([fakeSinceMs + second * 1000, sample]);
  }
  return { labels: { app: 'shop', ...labels }, samples };
}

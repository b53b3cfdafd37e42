import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../../../toolkit/clock/fake-clock.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { fakePrometheus } from '../../../toolkit/prometheus/fake-prometheus.ts';
import { parseMatchers } from '../../../toolkit/prometheus/matchers.ts';
import type { QueryProblem } from '../../../toolkit/prometheus/prometheus.ts';
import { fakeRouter } from '../../../toolkit/traffic/fake-router.ts';
import { fakeHistory, type FakePod } from './analysis/fake-history.ts';
import { fakeSources as sources } from './fake-sources.ts';
import { parseMetrics } from './config/parse-metrics.ts';
import { replay } from './replay.ts';
import type { StatePort, WatchState } from './state-file.ts';
import { watch, type WatchOptions } from './watch.ts';

const sinceMs = 1_800_000_000_000;
const minute = 60_000;

const config = {
  metrics: parseMetrics('- preset: http-errors', 'metrics', { margin: 1.25, promoteMargin: undefined }),
  arms: {
    canary: parseMatchers('app="shop",track="canary"'),
    stable: parseMatchers('app="shop",track="stable"'),
  },
  intervalMs: 15_000,
  alpha: 0.01,
  promoteAlpha: 0.05,
  minDurationMs: 5 * minute,
  maxDurationMs: 30 * minute,
  plannedSteps: 0,
};

const pods = (canaryRate: number, stableRate = 0.01): FakePod[] => [
  ...['s1', 's2', 's3'].map((pod) => ({
    ...{ pod, track: 'stable' as const, rps: 20, errorRate: () => stableRate },
  })),
  { pod: 'c1', track: 'canary', rps: 10, errorRate: () => canaryRate, from: -120 },
];

function memoryState(initial?: WatchState): StatePort & { saved: WatchState[] } {
  const saved: WatchState[] = initial === undefined ? [] : [initial];
  return {
    saved,
    load: async () => saved.at(-1),
    save: async (state) => {
      saved.push(structuredClone(state));
    },
  };
}

function recordingLog(): Log & { lines: string[] } {
  const lines: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
  };
  return {
    ...{ lines, info: take, notice: take, warning: take, error: take, debug: take, raw: take },
    group: (_, body) => body(),
  };
}

/** A live world on a fake clock: only what has been scraped by now can be asked for. */
function world(
  shape: {
    pods?: FakePod[];
    failing?: (minutes: number) => QueryProblem | undefined;
    weights?: number[];
    state?: WatchState;
    startAt?: number;
    scrapeSeconds?: number;
    abortAfter?: number;
  } = {},
) {
  const clock = fakeClock(sinceMs + (shape.startAt ?? 0));
  const history = fakeHistory(shape.pods ?? pods(0.01), {
    ...{ sinceMs, seconds: 40 * 60 },
    ...(shape.scrapeSeconds === undefined ? {} : { scrapeSeconds: shape.scrapeSeconds }),
  });
  const controller = new AbortController();
  const prometheus = fakePrometheus(history, {
    now: () => clock.now(),
    failing: () => shape.failing?.((clock.now() - sinceMs) / minute),
  });
  const log = recordingLog();
  const router = fakeRouter();
  const state = memoryState(shape.state);
  const weights = shape.weights ?? [];
  const options: WatchOptions = {
    config: { ...config, plannedSteps: weights.length },
    startMs: sinceMs,
    fingerprint: 'f',
    traffic: { weights, minDurationMs: config.minDurationMs, intervalMs: config.intervalMs },
  };
  const ports = {
    sources: sources(prometheus),
    clock: {
      ...clock,
      sleep: async (ms: number, signal?: AbortSignal) => {
        await clock.sleep(ms, signal);
        if (shape.abortAfter !== undefined && clock.now() >= sinceMs + shape.abortAfter)
          controller.abort(new Error('cancelled'));
        controller.signal.throwIfAborted();
      },
    },
    serverNowMs: () => clock.now(),
    router: weights.length === 0 ? undefined : router,
    state,
    log,
    signal: controller.signal,
  };
  return { run: () => watch(ports, options), log, router, state, history, clock };
}

const outage: QueryProblem = { kind: 'unreachable', detail: 'connection refused' };

describe('watch', () => {
  it('gives the verdict of a replay over the same samples', async () => {
    for (const rate of [0.01, 0.04]) {
      const live = world({ pods: pods(rate) });
      const watched = await live.run();
      const replayed = await replay(
        sources(fakePrometheus(live.history)),
        { ...config, sinceMs },
        sinceMs + 30 * minute,
        new AbortController().signal,
      );
      expect(watched.verdict).toEqual(replayed.verdict);
      expect(watched.looks).toEqual(replayed.looks);
    }
  });

  it('decides no earlier than the lag after the sample, so that late samples are in', async () => {
    const live = world({ pods: pods(0.2) });
    const { verdict } = await live.run();
    expect(verdict.kind).toBe('fail');
    expect(live.clock.now()).toBe(verdict.atMs + 30_000);
  });

  it('waits for two scrapes where they are a minute apart', async () => {
    const live = world({ pods: pods(0.2), scrapeSeconds: 60 });
    const { verdict } = await live.run();
    expect(verdict.kind).toBe('fail');
    expect(live.clock.now()).toBe(verdict.atMs + 120_000);
  });

  it('logs one line per look with counts, evidence and when a verdict may come', async () => {
    const live = world();
    const { looks } = await live.run();
    const lines = live.log.lines.filter((line) => line.startsWith('look '));
    expect(lines).toHaveLength(looks.length - 1);
    expect(lines[3]).toMatch(/^look 4 · 1m 00s · http-errors \d+\/600 : \d+\/3600 · E \S+ of 100 · ETA /);
  });

  it.each<[string, QueryProblem]>([
    ['unreachable', outage],
    ['busy', { kind: 'busy', status: 503, detail: 'starting' }],
    ['limited', { kind: 'busy', status: 429, detail: 'slow down' }],
    ['garbage', { kind: 'garbage', status: 200, detail: '<html>' }],
    ['partial', { kind: 'partial', detail: 'a store is missing' }],
  ])('catches up after Prometheus was %s, and the verdict is that of the data', async (_, problem) => {
    for (const rate of [0.01, 0.04]) {
      const calm = await world({ pods: pods(rate) }).run();
      const live = world({
        pods: pods(rate),
        failing: (at) => (at > 1 && at < 4 ? problem : undefined),
      });
      const { verdict, looks, outages } = await live.run();
      expect(verdict).toEqual(calm.verdict);
      expect(looks).toEqual(calm.looks);
      expect(outages).toHaveLength(1);
      expect(live.log.lines.filter((line) => line.includes('the watch goes on'))).toHaveLength(1);
    }
  });

  it('is inconclusive when Prometheus never comes back: neither a pass nor a fail', async () => {
    for (const rate of [0.01, 0.04]) {
      const live = world({ pods: pods(rate), failing: (at) => (at > 0.5 ? outage : undefined) });
      const { verdict } = await live.run();
      expect(verdict).toMatchObject({ kind: 'inconclusive', cause: 'prometheus' });
      expect(verdict.reason).toContain('connection refused');
    }
  });

  it('steps the traffic and passes only after the last step', async () => {
    const live = world({ pods: pods(0.01, 0.01), weights: [5, 25, 50] });
    const { verdict, steps } = await live.run();
    expect(verdict.kind).toBe('pass');
    expect(live.router.history).toEqual([5, 25, 50]);
    expect(steps.map(({ weight }) => weight)).toEqual([5, 25, 50]);
    expect(verdict.atMs).toBeGreaterThanOrEqual((steps[2]?.atMs ?? 0) + config.intervalMs);
  });

  it('gives a failing canary no more traffic', async () => {
    const live = world({ pods: pods(0.3), weights: [5, 25, 50] });
    expect((await live.run()).verdict.kind).toBe('fail');
    expect(live.router.history).toEqual([5]);
  });

  it('is inconclusive when cancelled, and keeps what a later run needs', async () => {
    const live = world({ abortAfter: 2 * minute, weights: [5] });
    const { verdict } = await live.run();
    expect(verdict).toMatchObject({ kind: 'inconclusive', cause: 'cancelled' });
    expect(live.state.saved.at(-1)).toMatchObject({ sinceMs, decided: false, steps: [{ weight: 5 }] });
  });

  it('continues after the runner died: same start, same weight, same evidence', async () => {
    const calm = await world({ pods: pods(0.01) }).run();
    const state: WatchState = { version: 1, fingerprint: 'f', sinceMs, steps: [], decided: false };
    const { verdict, looks } = await world({ state, startAt: 7 * minute }).run();
    expect(verdict).toEqual(calm.verdict);
    expect(looks).toEqual(calm.looks);

    const stepped: WatchState = { ...state, steps: [{ weight: 5, atMs: sinceMs }] };
    const again = world({ state: stepped, startAt: 3 * minute, weights: [5, 25] });
    await again.run();
    expect(again.router.history).toEqual([5, 25]);
  });
});

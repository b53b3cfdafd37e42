import { describe, expect, it } from '@jest/globals';
import { fakePrometheus } from '../../../toolkit/prometheus/fake-prometheus.ts';
import { parseMatchers } from '../../../toolkit/prometheus/matchers.ts';
import { fakeHistory, type FakePod } from './analysis/fake-history.ts';
import { fakeSources as sources } from './fake-sources.ts';
import { parseMetrics } from './config/parse-metrics.ts';
import { replay } from './replay.ts';

const sinceMs = 1_800_000_000_000;
const never = new AbortController().signal;
const defaults = { margin: 1.25, promoteMargin: undefined };

const config = (yaml = '- preset: http-errors') => ({
  metrics: parseMetrics(yaml, 'metrics', defaults),
  arms: {
    canary: parseMatchers('app="shop",track="canary"'),
    stable: parseMatchers('app="shop",track="stable"'),
  },
  sinceMs,
  intervalMs: 15_000,
  alpha: 0.01,
  promoteAlpha: 0.05,
  minDurationMs: 300_000,
  maxDurationMs: 1_800_000,
  plannedSteps: 0,
});

const stable = (rate: number): FakePod[] =>
  ['s1', 's2', 's3'].map((pod) => ({ pod, track: 'stable' as const, rps: 20, errorRate: () => rate }));
const canary = (errorRate: (second: number) => number, rps = 10): FakePod => ({
  ...{ pod: 'c1', track: 'canary', rps, errorRate },
  from: -120,
});
const run = (pods: FakePod[], minutes: number, yaml?: string) => {
  const history = fakeHistory(pods, { sinceMs, seconds: minutes * 60 });
  return replay(sources(fakePrometheus(history)), config(yaml), sinceMs + minutes * 60_000, never);
};

describe('replay', () => {
  it('fails a canary that is four times worse within minutes and counts exactly', async () => {
    const { verdict, looks } = await run([...stable(0.01), canary(() => 0.04)], 30);
    expect(verdict.kind).toBe('fail');
    const decided = looks.at(-1);
    expect(decided?.endMs).toBeLessThan(sinceMs + 10 * 60_000);
    const seconds = ((decided?.endMs ?? 0) - sinceMs) / 1000;
    expect(decided?.metrics[0]?.canary.total).toBe(seconds * 10);
    expect(decided?.metrics[0]?.stable.total).toBe(seconds * 60);
  });

  it('passes a canary that is as good as stable, not before the shortest duration', async () => {
    const { verdict } = await run([...stable(0.03), canary(() => 0.03)], 30);
    expect(verdict.kind).toBe('pass');
    expect(verdict.atMs).toBeGreaterThanOrEqual(sinceMs + 300_000);
  });

  it('is inconclusive without a canary, without traffic, and at the end of the history', async () => {
    const none = await run(stable(0.01), 30);
    expect(none.verdict).toMatchObject({ kind: 'inconclusive', cause: 'no-series' });
    const idle = await run([...stable(0.01), canary(() => 0, 0)], 30);
    expect(idle.verdict).toMatchObject({ kind: 'inconclusive', cause: 'no-traffic' });
    const short = await run([...stable(0.001), canary(() => 0.001, 1)], 6);
    expect(short.verdict).toMatchObject({ kind: 'inconclusive', cause: 'not-enough' });
  });

  it('says nothing when nobody errs: silence is no proof', async () => {
    const { verdict, looks } = await run([...stable(0), canary(() => 0)], 30);
    expect(verdict.kind).toBe('inconclusive');
    expect(looks.at(-1)?.logE).toBe(0);
  });

  it('catches what begins late', async () => {
    const { verdict } = await run(
      [...stable(0.01), canary((second) => (second < 600 ? 0.01 : 0.08))],
      30,
      ['- {preset: http-errors, promote-margin: 1.05}'].join('\n'),
    );
    expect(verdict.kind).toBe('fail');
    expect(verdict.atMs).toBeGreaterThan(sinceMs + 600_000);
  });

  it('passes an objective that is kept and fails one that is missed', async () => {
    const yaml = `- {name: budget, type: objective, events: 'http_requests_total{code="500"}', total: http_requests_total, max: 0.02}`;
    expect((await run([...stable(0.001), canary(() => 0.001)], 30, yaml)).verdict.kind).toBe('pass');
    expect((await run([...stable(0.001), canary(() => 0.06)], 30, yaml)).verdict.kind).toBe('fail');
  });

  it('never lets a shadow metric decide', async () => {
    const yaml = '- {preset: http-errors, shadow: true}';
    expect((await run([...stable(0.01), canary(() => 0.2)], 30, yaml)).verdict.kind).toBe('inconclusive');
  });

  it('asks once per metric and window, never once per pod', async () => {
    const history = fakeHistory([...stable(0.01), canary(() => 0.01)], { sinceMs, seconds: 600 });
    const prometheus = fakePrometheus(history);
    await replay(sources(prometheus), config(), sinceMs + 600_000, never);
    const texts = new Set(prometheus.queries.map(({ selector }) => selector));
    expect([...texts]).toEqual([
      'http_requests_total{app="shop",track=~"canary|stable"}',
      '{__name__=~"up|process_start_time_seconds",app="shop",track=~"canary|stable"}',
    ]);
  });

  it('gives the same looks however the history is cut into queries', async () => {
    const pods = [...stable(0.02), canary(() => 0.02), { ...canary(() => 0.1), pod: 'c2', from: 200 }];
    const history = fakeHistory(pods, { sinceMs, seconds: 900 });
    const whole = await replay(sources(fakePrometheus(history)), config(), sinceMs + 900_000, never);
    const shuffled = await replay(
      sources(fakePrometheus(history.toReversed())),
      config(),
      sinceMs + 900_000,
      never,
    );
    expect(shuffled.looks.map(({ logE, canaryRequests }) => [logE, canaryRequests])).toEqual(
      whole.looks.map(({ logE, canaryRequests }) => [logE, canaryRequests]),
    );
  });
});

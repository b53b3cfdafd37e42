import { describe, expect, it } from '@jest/globals';
import { fakeSeries, replayFake } from './fake-gate.ts';

const up = (pod: string, track: string) =>
  fakeSeries({ __name__: 'up', track, pod, namespace: 'shop' }, 60, () => 1);
const pods = [up('s1', 'stable'), up('s2', 'stable'), up('c1', 'canary')];

describe('alertAnalyser', () => {
  const yaml = `- {preset: alerts, matchers: 'severity="critical"'}`;
  const alert = (labels: Record<string, string>, from: number, to = Infinity) =>
    fakeSeries(
      { __name__: 'ALERTS', alertstate: 'firing', severity: 'critical', alertname: 'HighBurn', ...labels },
      30,
      (s) => (s >= from && s <= to ? 1 : undefined),
    );

  it('fails at once when an alert begins to fire for the canary', async () => {
    const { verdict } = await replayFake(yaml, [...pods, alert({ track: 'canary' }, 120)], 30);
    expect(verdict).toMatchObject({ kind: 'fail', reason: 'alerts: HighBurn fires for the canary' });
  });

  it.each([
    ['fires for stable', { track: 'stable' }, 120],
    ['is of another severity', { track: 'canary', severity: 'info' }, 120],
    ['is pending only', { track: 'canary', alertstate: 'pending' }, 120],
    ['fired before the canary began', { track: 'canary' }, -300],
  ])('ignores an alert that %s', async (_, labels, from) => {
    const { verdict } = await replayFake(yaml, [...pods, alert(labels, from)], 30);
    expect(verdict.kind).toBe('inconclusive');
  });

  it('takes no share of the evidence from the metrics that bring some', async () => {
    const both = `${yaml}\n- {preset: http-errors, weight: 3}`;
    const { looks } = await replayFake(both, pods, 1);
    expect(looks.at(-1)?.metrics.map(({ type, weight }) => [type, weight])).toEqual([
      ['alert', 0],
      ['ratio', 1],
    ]);
    const alone = await replayFake(yaml, pods, 1);
    expect(alone.looks.at(-1)).toMatchObject({ logE: 0, metrics: [{ weight: 0 }] });
  });

  it('takes an alert that went out and came back for new', async () => {
    const old = alert({ track: 'canary' }, -300, -60);
    const again = { ...old, samples: [...old.samples, ...alert({ track: 'canary' }, 300).samples] };
    expect((await replayFake(yaml, [...pods, again], 30)).verdict.kind).toBe('fail');
  });
});

describe('restartsAnalyser', () => {
  const yaml = '- preset: restarts';
  const state = (name: string, reason: string, pod: string, from: number) =>
    fakeSeries({ __name__: name, reason, namespace: 'shop', pod, app: '' }, 30, (s) =>
      s >= from ? 1 : undefined,
    );
  const begun = (pod: string, track: string, every: number) =>
    fakeSeries(
      { __name__: 'process_start_time_seconds', track, pod, namespace: 'shop' },
      60,
      (s) => 1000 + (every === 0 ? 0 : Math.floor(Math.max(0, s) / every) * every),
    );

  it.each([
    ['kube_pod_container_status_waiting_reason', 'CrashLoopBackOff'],
    ['kube_pod_container_status_last_terminated_reason', 'OOMKilled'],
  ])('fails at once on %s %s of a canary pod', async (name, reason) => {
    const { verdict } = await replayFake(yaml, [...pods, state(name, reason, 'c1', 120)], 30);
    expect(verdict).toMatchObject({ kind: 'fail', reason: `restarts: shop/c1 is ${reason}` });
  });

  it('ignores what stable pods do, and what was so before', async () => {
    const name = 'kube_pod_container_status_waiting_reason';
    for (const old of [
      state(name, 'CrashLoopBackOff', 's1', 120),
      state(name, 'CrashLoopBackOff', 'c1', -300),
    ])
      expect((await replayFake(yaml, [...pods, old], 30)).verdict.kind).toBe('inconclusive');
  });

  it('counts the restarts of a pod that two jobs scrape once', async () => {
    const twice = (pod: string, track: string, every: number) =>
      ['pods', 'services'].map((job) => {
        const one = begun(pod, track, every);
        return { ...one, labels: { ...one.labels, job } };
      });
    const series = [...pods, ...twice('s1', 'stable', 0), ...twice('c1', 'canary', 600)];
    const { looks } = await replayFake(yaml, series, 25);
    expect(looks.at(-1)?.metrics[0]?.canary.events).toBe(2);
  });

  it('fails a canary that keeps restarting, by its start time alone', async () => {
    const series = [...pods, begun('s1', 'stable', 0), begun('s2', 'stable', 0), begun('c1', 'canary', 60)];
    const { verdict, looks } = await replayFake(yaml, series, 60);
    expect(verdict.kind).toBe('fail');
    expect(looks.at(-1)?.metrics[0]?.canary.events).toBeGreaterThan(3);
    const calm = [...pods, begun('s1', 'stable', 0), begun('s2', 'stable', 0), begun('c1', 'canary', 0)];
    expect((await replayFake(yaml, calm, 60)).verdict.kind).toBe('inconclusive');
  });
});

describe('logsAnalyser', () => {
  const yaml = '- {preset: log-errors, url: "http://loki:3100"}';
  const requests = (pod: string, track: string, rps: number) =>
    fakeSeries({ __name__: 'http_requests_total', track, pod }, 60, (s) => (s + 600) * rps);
  const served = [requests('s1', 'stable', 30), requests('s2', 'stable', 30), requests('c1', 'canary', 6)];
  const lines = (perLook: number) => [fakeSeries({}, 60, () => perLook)];

  it('fails a canary that logs more errors per request', async () => {
    const { verdict, looks } = await replayFake(yaml, served, 60, { canary: lines(3), stable: lines(3) });
    expect(verdict.kind).toBe('fail');
    expect(looks.at(-1)?.metrics[0]).toMatchObject({ note: 'log lines per request' });
  });

  it('says nothing when both log at the same pace', async () => {
    const { verdict } = await replayFake(yaml, served, 60, { canary: lines(1), stable: lines(10) });
    expect(verdict.kind).toBe('inconclusive');
  });
});

/** Series that lie: each story is loaded into a real Prometheus and comes out as the right count or a named problem. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrometheus, type LoadedPrometheus } from '../rig/prometheus/load-prometheus.ts';
import { openMetrics, type HistorySeries } from './support/open-metrics.ts';
import { runBundle } from './support/run-bundle.ts';

const start = Math.floor(Date.now() / 1000) - 7_200;
const minutes = 12;
const scrape = 15;

type Value = number | 'NaN' | '+Inf';

/** One counter of a story, sampled every 15 s from 10 min before the start. */
function counter(
  story: string,
  labels: Record<string, string>,
  value: (second: number) => Value | undefined,
  { name = 'http_requests_total', shift = 0 } = {},
): HistorySeries {
  const samples: [number, Value][] = [];
  for (let second = -600; second <= minutes * 60; second += scrape) {
    const sample = value(second);
    if (sample !== undefined) samples.push([start + second + shift, sample]);
  }
  return { name, labels: { story, pod: 'c1', track: 'canary', code: '200', ...labels }, samples };
}

/** One request a second, counted since 1,000 s before the start. */
const steady = (second: number): number => second + 1_000;
const stable = (story: string, more: Record<string, string> = {}): HistorySeries[] =>
  ['s1', 's2'].map((pod) =>
    counter(story, { pod, track: 'stable', ...more }, (second) => 10 * steady(second)),
  );
const requests = minutes * 60;

interface Story {
  readonly name: string;
  readonly series: (story: string) => HistorySeries[];
  /** Requests of the canary that have to come out. */
  readonly total: number;
  readonly problem?: string;
  readonly metrics?: string;
}

const ratio = (events: string, total: string): string =>
  `- {name: m, type: ratio, events: '${events}', total: '${total}'}`;
const latency = '- {name: m, type: latency, histogram: duration_seconds}';
const bucket = (story: string, labels: Record<string, string>, les: string[]): HistorySeries[] =>
  les.map((le) =>
    counter(
      story,
      { ...labels, le },
      (second) => (le === '+Inf' ? steady(second) : Math.floor(steady(second) / 2)),
      {
        name: 'duration_seconds_bucket',
      },
    ),
  );

const stories: Story[] = [
  {
    name: 'nothing-wrong',
    series: (s) => [...stable(s), counter(s, {}, steady)],
    total: requests,
  },
  {
    name: 'reset',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t < 300 ? steady(t) : t - 300 + 15))],
    total: requests,
  },
  {
    name: 'gap',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t > 60 && t < 330 ? undefined : steady(t)))],
    total: requests,
  },
  {
    name: 'first-errors',
    series: (s) => [
      ...stable(s),
      counter(s, {}, (t) => steady(t) - (t < 300 ? 0 : 1)),
      counter(s, { code: '500' }, (t) => (t < 300 ? undefined : 1)),
    ],
    total: requests,
  },
  {
    name: 'born-late',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t < 300 ? undefined : t - 300))],
    // Its first minute is warm-up.
    total: requests - 360,
  },
  {
    name: 'two-jobs',
    series: (s) => [
      ...stable(s),
      ...['one', 'two'].map((job) => counter(s, { job, instance: 'c1:80' }, steady)),
    ],
    total: requests,
    problem: 'duplicate',
  },
  {
    name: 'relabelled',
    series: (s) => [
      ...stable(s),
      counter(s, { version: 'a' }, (t) => (t < 300 ? steady(t) : undefined)),
      counter(s, { version: 'b' }, (t) => (t < 300 ? undefined : steady(t))),
    ],
    // One scrape lies between the two labels.
    total: requests - scrape,
    problem: 'relabelled',
  },
  {
    name: 'not-a-number',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t > 600 ? 'NaN' : steady(t)))],
    total: 600,
    problem: 'nan',
  },
  {
    name: 'infinite',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t > 600 ? '+Inf' : steady(t)))],
    total: 600,
    problem: 'infinite',
  },
  {
    name: 'negative',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t > 600 ? -5 : steady(t)))],
    total: 600,
    problem: 'negative',
  },
  { name: 'empty', series: (s) => stable(s), total: 0, problem: 'no-series' },
  {
    name: 'idle',
    series: (s) => [...stable(s), counter(s, {}, () => 1_000)],
    total: 0,
    problem: 'no-traffic',
  },
  {
    name: 'gone',
    series: (s) => [...stable(s), counter(s, {}, (t) => (t > 300 ? undefined : steady(t)))],
    total: 300,
    problem: 'target-down',
  },
  {
    name: 'clock-ahead',
    series: (s) => [...stable(s), counter(s, {}, steady, { shift: 60 })],
    total: requests,
  },
  {
    name: 'more-events',
    series: (s) => [
      ...stable(s),
      counter(s, {}, steady),
      ...[...stable(s), counter(s, {}, (t) => 3 * steady(t))].map((one) => ({
        ...one,
        name: 'failed_total',
      })),
    ],
    total: 0,
    problem: 'events-exceed-total',
    metrics: ratio('failed_total', 'http_requests_total'),
  },
  {
    name: 'fractions',
    series: (s) => [...stable(s), counter(s, {}, (t) => steady(t) * 1.37)],
    total: 0,
    problem: 'unreadable',
  },
  {
    name: 'buckets',
    series: (s) => [
      ...bucket(s, { pod: 's1', track: 'stable' }, ['0.1', '0.5', '+Inf']),
      ...bucket(s, {}, ['0.2', '0.7', '+Inf']),
    ],
    total: 0,
    problem: 'bucket-layout',
    metrics: latency,
  },
];

interface SavedReport {
  readonly verdict: string;
  readonly looks: readonly {
    readonly metrics: readonly {
      readonly canary: { readonly total: number };
      readonly problems: readonly { readonly kind: string; readonly text: string }[];
    }[];
  }[];
}

let prometheus: LoadedPrometheus;
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-lies-'));
  prometheus = await loadPrometheus(openMetrics(stories.flatMap(({ name, series }) => series(name))));
});
afterAll(async () => {
  await prometheus.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('series that lie', () => {
  it.each(stories)('$name', async ({ name, total, problem, metrics = '- preset: http-errors' }) => {
    const { outputs } = await runBundle({
      action: 'canary-gate',
      inputs: {
        'prometheus-url': prometheus.url,
        canary: `story="${name}",track="canary"`,
        stable: `story="${name}",track="stable"`,
        mode: 'replay',
        start: String(start),
        end: String(start + minutes * 60),
        report: join(folder, name),
        metrics,
      },
    });
    const report = JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')) as SavedReport;
    const seen = report.looks.flatMap((look) => look.metrics.flatMap(({ problems }) => problems));
    expect(report.looks.at(-1)?.metrics[0]?.canary.total).toBe(total);
    // Every story has no errors to speak of: whatever is wrong with its series, it is neither a pass nor a fail.
    expect(outputs.verdict).toBe('inconclusive');
    const kinds = new Set(seen.map(({ kind }) => kind));
    if (problem === undefined) {
      const expected =
        name === 'born-late' ? ['no-series', 'no-traffic'] : name === 'clock-ahead' ? ['no-traffic'] : [];
      expect([...kinds].filter((kind) => !expected.includes(kind))).toEqual([]);
    } else expect(kinds).toContain(problem);
  });
});

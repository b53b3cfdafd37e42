/** Series that lie: each story is loaded into a real Prometheus and comes out as the right count or a named problem. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrometheus, type LoadedPrometheus } from '../rig/prometheus/load-prometheus.ts';
import { openMetrics, type HistorySeries } from './support/open-metrics.ts';
import { sendOtlp, type NativePoint, type NativeSeries, type StaleSeries } from './support/otlp.ts';
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
  /** Requests of the canary that have to come out; undefined where the verdict comes before the end. */
  readonly total: number | undefined;
  readonly problem?: string;
  /** Problems that pass with the time. */
  readonly meanwhile?: readonly string[];
  readonly metrics?: string;
  /** Counters with stale markers, and native histograms: sent to it as OTLP. */
  readonly stale?: (story: string) => StaleSeries[];
  readonly native?: (story: string) => NativeSeries[];
  /** Default inconclusive: nothing is wrong but the series. */
  readonly verdict?: 'fail' | 'pass';
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

/** The same requests as a native histogram: `share` of them around 0.2 s, the others around 2 s. */
function native(
  story: string,
  labels: Record<string, string>,
  scale: (second: number) => number,
  { rate = 1, share = 0.9, resetAt = Infinity } = {},
): NativeSeries {
  const points: NativePoint[] = [];
  for (let second = -600; second <= minutes * 60; second += scrape) {
    const count = rate * (second < resetAt ? steady(second) : second - resetAt + scrape);
    const fast = Math.floor(share * count);
    const index = (value: number): number => Math.ceil(Math.log2(value) * 2 ** scale(second)) - 1;
    const buckets = new Map([[index(0.19), fast]]);
    buckets.set(index(1.9), (buckets.get(index(1.9)) ?? 0) + count - fast);
    points.push({ second: start + second, scale: scale(second), buckets });
  }
  const common = { story, pod: 'c1', track: 'canary', code: '200' };
  return { name: 'native_seconds', labels: { ...common, ...labels }, points };
}
const nativeStable = (story: string, scale: number): NativeSeries[] =>
  ['s1', 's2'].map((pod) => native(story, { pod, track: 'stable' }, () => scale, { rate: 10 }));
const nativeLatency = '- {name: m, type: latency, histogram: native_seconds}';

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
    meanwhile: ['no-series', 'no-traffic'],
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
    meanwhile: ['no-traffic'],
  },
  {
    name: 'clock-behind',
    series: (s) => [...stable(s), counter(s, {}, steady, { shift: -60 })],
    // The pod's series end 60 s before the last look.
    total: requests - 60,
  },
  {
    // A target that went away, was marked stale, and came back with a new process.
    name: 'stale-markers',
    series: (s) => stable(s),
    stale: (s) =>
      [counter(s, {}, (t) => (t < 300 ? steady(t) : t - 300 + scrape))].map(({ samples, ...one }) => ({
        ...one,
        samples: samples.map(([second, value]): [number, number | 'stale'] => {
          const since = second - start;
          return [second, since >= 180 && since < 300 ? 'stale' : Number(value)];
        }),
      })),
    // What it served between its last scrape and its end was never seen by anybody.
    total: requests - (300 - 180),
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
  {
    // Half of the canary's pods have been built with other buckets: what they share is compared.
    name: 'buckets-of-pods',
    series: (s) => [
      ...bucket(s, { pod: 's1', track: 'stable' }, ['0.1', '0.5', '+Inf']),
      ...bucket(s, {}, ['0.1', '0.5', '+Inf']),
      ...bucket(s, { pod: 'c2' }, ['0.2', '0.5', '+Inf']),
    ],
    total: 2 * requests,
    verdict: 'pass',
    problem: 'bucket-layout',
    metrics: latency,
  },
  {
    name: 'native',
    series: () => [],
    native: (s) => [...nativeStable(s, 3), native(s, {}, () => 3)],
    total: requests,
    verdict: 'pass',
    metrics: nativeLatency,
  },
  {
    name: 'native-reset',
    series: () => [],
    native: (s) => [...nativeStable(s, 3), native(s, {}, () => 3, { resetAt: 300 })],
    total: requests,
    verdict: 'pass',
    metrics: nativeLatency,
  },
  {
    name: 'native-schemas',
    series: () => [],
    native: (s) => [...nativeStable(s, 5), native(s, {}, () => 1)],
    total: requests,
    verdict: 'pass',
    metrics: nativeLatency,
  },
  {
    // A client halves its resolution when it has too many buckets.
    name: 'native-coarser',
    series: () => [],
    native: (s) => [...nativeStable(s, 3), native(s, {}, (t) => (t < 300 ? 3 : 1))],
    total: requests,
    verdict: 'pass',
    metrics: nativeLatency,
  },
  {
    // Prometheus keeps both while a team goes over to native histograms; its new pod counts from zero.
    name: 'native-and-classic',
    series: (s) =>
      [
        ...['s1', 's2'].flatMap((pod) => bucket(s, { pod, track: 'stable' }, ['0.5', '2', '+Inf'])),
        ...bucket(s, {}, ['0.5', '2', '+Inf']).map((one) => ({
          ...one,
          samples: one.samples.filter(([second]) => second >= start + 300),
        })),
      ].map((one) => ({ ...one, name: 'native_seconds_bucket' })),
    native: (s) => [
      ...['s1', 's2'].map((pod) => native(s, { pod, track: 'stable' }, () => 3, { share: 0.5 })),
      ...[native(s, {}, () => 3, { share: 0.5 })].map((one) => ({
        ...one,
        points: one.points.filter(({ second }) => second >= start + 300),
      })),
    ],
    total: requests - 360,
    meanwhile: ['no-series', 'no-traffic'],
    metrics: nativeLatency,
  },
  {
    name: 'native-slower',
    series: () => [],
    native: (s) => [...nativeStable(s, 3), native(s, {}, () => 3, { share: 0.5 })],
    total: undefined,
    verdict: 'fail',
    metrics: nativeLatency,
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
  await sendOtlp(
    prometheus.url,
    stories.flatMap(({ name, stale = () => [] }) => stale(name)),
    stories.flatMap(({ name, native: sent = () => [] }) => sent(name)),
  );
});
afterAll(async () => {
  await prometheus.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('series that lie', () => {
  it.each(stories)('$name', async (story) => {
    const { name, total, problem, meanwhile = [], verdict = 'inconclusive' } = story;
    const { metrics = '- preset: http-errors' } = story;
    const { outputs } = await runBundle({
      action: 'canary-gate',
      inputs: {
        'prometheus-url': prometheus.url,
        canary: `story="${name}",track="canary"`,
        stable: `story="${name}",track="stable"`,
        mode: 'replay',
        start: String(start),
        end: String(start + minutes * 60),
        'min-duration': `${minutes}m`,
        report: join(folder, name),
        metrics,
      },
    });
    const report = JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')) as SavedReport;
    const seen = report.looks.flatMap((look) => look.metrics.flatMap(({ problems }) => problems));
    // Few stories have errors to speak of: whatever is wrong with the others' series, it is neither a pass nor a fail.
    expect(outputs.verdict).toBe(verdict);
    if (total !== undefined) expect(report.looks.at(-1)?.metrics[0]?.canary.total).toBe(total);
    const kinds = new Set(seen.map(({ kind }) => kind));
    if (problem === undefined) expect([...kinds].filter((kind) => !meanwhile.includes(kind))).toEqual([]);
    else expect(kinds).toContain(problem);
  });
});

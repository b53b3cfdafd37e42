import { printMatchers } from '../../../../toolkit/prometheus/matchers.ts';
import type { RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { LogsMetric } from '../config/metric.ts';
import type { Arm } from './arms.ts';
import { comparison } from './comparison.ts';
import { eventCounter, type PodCounts } from './event-counts.ts';
import type { Look, Samples } from './look.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { countProblems, unusable } from './problems.ts';

/** Log lines that Loki counts, per request of the arm (Poisson: one request may log many lines). */
export function logsAnalyser(metric: LogsMetric, options: AnalyserOptions): MetricAnalyser {
  const requests = eventCounter([], metric.total, options.arms, options.sinceMs);
  const compared = comparison({
    ...options,
    margin: metric.margin,
    promoteMargin: undefined,
    model: 'poisson',
  });
  const key = (arm: Arm): string => `logs ${metric.name} ${arm}`;
  const logQueries = (['canary', 'stable'] as const).map((arm) => ({
    key: key(arm),
    url: metric.url,
    expression: `sum(count_over_time({${printMatchers(options.arms[arm])}} ${metric.query} [RANGE]))`,
  }));

  return {
    queries: requests.queries,
    logQueries,
    baseline: (look, samples, context) => {
      requests.count(look, samples, context);
    },
    look: (look, samples, context) => {
      const counts = requests.count(look, samples, context);
      const bad = unusable(counts);
      const pods = counts.pods.concat(
        (['canary', 'stable'] as const).map((arm): PodCounts => ({
          pod: key(arm),
          arm,
          events: lines(samples, key(arm), look),
          total: 0,
        })),
      );
      const findings = bad === undefined ? compared.look(look, mergedArms(pods)) : compared.findings();
      const problems = countProblems(counts, findings, options.arms, requests, look.endMs);
      return {
        ...findings,
        note: 'log lines per request',
        problems: bad === undefined ? problems : [bad, ...problems],
      };
    },
  };
}

/** Lines are known per arm only, so each arm is one unit: there is no dispersion among pods to be seen. */
function mergedArms(pods: readonly PodCounts[]): PodCounts[] {
  return (['canary', 'stable'] as const).map((arm) => {
    const own = pods.filter((pod) => pod.arm === arm);
    const sum = (pick: (pod: PodCounts) => number): number =>
      own.reduce((total, pod) => total + pick(pod), 0);
    return { pod: arm, arm, events: sum(({ events }) => events), total: sum(({ total }) => total) };
  });
}

/** Each sample is the count of the interval that ends with it. */
function lines(samples: Samples, key: string, look: Look): number {
  const series: readonly RawSeries[] = samples.get(key) ?? [];
  let count = 0;
  for (const one of series)
    for (const [time, value] of one.samples) if (time > look.startMs && time <= look.endMs) count += value;
  return Math.round(count);
}

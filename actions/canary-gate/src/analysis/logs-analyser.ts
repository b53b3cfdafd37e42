import { printMatchers } from '../../../../toolkit/prometheus/matchers.ts';
import type { LogsMetric } from '../config/metric.ts';
import type { Arm } from './arms.ts';
import { comparison } from './comparison.ts';
import { eventCounter, type LookCounts } from './event-counts.ts';
import { linesByPod, withLines, type LoggedCounts } from './log-lines.ts';
import type { Context, Look, Samples } from './look.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { countProblems, scaledAway, unusable } from './problems.ts';

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
    expression: `sum by (namespace, pod) (count_over_time({${printMatchers(options.arms[arm])}} ${metric.query} [RANGE]))`,
  }));

  const logged = (counts: LookCounts, samples: Samples, look: Look, context: Context): LoggedCounts => {
    const lines = (arm: Arm) => linesByPod(samples, key(arm), look);
    const isGone = (pod: string): boolean => scaledAway(pod, look.endMs, context);
    return withLines(counts, { canary: lines('canary'), stable: lines('stable') }, requests.podNames, isGone);
  };

  return {
    queries: requests.queries,
    logQueries,
    baseline: (look, samples, context) => {
      compared.baseline(logged(requests.count(look, samples, context), samples, look, context).pods);
    },
    look: (look, samples, context) => {
      const counts = requests.count(look, samples, context);
      const bad = unusable(counts);
      const { pods, gaps } = logged(counts, samples, look, context);
      const findings = bad === undefined ? compared.look(look, pods, gaps) : compared.findings();
      const problems = countProblems(counts, findings, options.arms, requests, look.endMs, context);
      return {
        ...findings,
        note: 'log lines per request',
        problems: bad === undefined ? problems : [bad, ...problems],
      };
    },
  };
}

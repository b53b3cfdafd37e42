import type { RatioMetric } from '../config/metric.ts';
import { comparison } from './comparison.ts';
import { eventCounter } from './event-counts.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { countProblems, unusable } from './problems.ts';

/** Errors among requests, compared between the arms by the exact conditional test. */
export function ratioAnalyser(metric: RatioMetric, options: AnalyserOptions): MetricAnalyser {
  const { margin, promoteMargin } = metric;
  const counter = eventCounter(metric.events, metric.total, options.arms, options.sinceMs);
  const arms = comparison({ ...options, margin, promoteMargin });

  return {
    queries: counter.queries,
    baseline: (look, samples, context) => {
      arms.baseline(counter.count(look, samples, context).pods);
    },
    look: (look, samples, context) => {
      const counts = counter.count(look, samples, context);
      const bad = unusable(counts);
      const findings = bad === undefined ? arms.look(look, counts.pods, counts.gaps) : arms.findings();
      const problems = countProblems(counts, findings, options.arms, counter, look.endMs, context);
      return { ...findings, problems: bad === undefined ? problems : [bad, ...problems] };
    },
  };
}

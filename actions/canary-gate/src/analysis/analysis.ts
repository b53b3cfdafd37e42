import { averageEvidence } from '../../../../toolkit/statistics/average.ts';
import type { MetricConfig } from '../config/metric.ts';
import type { Context, LogQuery, Look, Samples } from './look.ts';
import type { AnalyserOptions } from './metric-analyser.ts';
import { metricAnalyser } from './metric-analysers.ts';
import type { LookReport, MetricReport } from './report.ts';

export interface AnalysisConfig extends AnalyserOptions {
  readonly metrics: readonly MetricConfig[];
}

/** The fold from raw samples to evidence. Feeding the same looks again gives the same reports: nothing else is state. */
export interface Analysis {
  /** Selector texts whose raw samples each look needs. */
  readonly queries: readonly string[];
  readonly logQueries: readonly LogQuery[];
  readonly baseline: (look: Look, samples: Samples, context: Context) => void;
  readonly look: (look: Look, samples: Samples, context: Context) => LookReport;
}

export function analysis({ metrics, ...options }: AnalysisConfig): Analysis {
  // A tripwire brings no evidence, so a share of the budget would only be taken from the others.
  const evidenceWeight = ({ shadow, type, weight }: MetricConfig): number =>
    shadow || type === 'alert' ? 0 : weight;
  const gatingWeight = metrics.reduce((sum, metric) => sum + evidenceWeight(metric), 0);
  const members = metrics.map((metric) => {
    const weight = gatingWeight === 0 ? 0 : evidenceWeight(metric) / gatingWeight;
    return { metric, weight, analyser: metricAnalyser(metric, { ...options, share: weight }) };
  });

  return {
    queries: [...new Set(members.flatMap(({ analyser }) => analyser.queries))],
    logQueries: members.flatMap(({ analyser }) => analyser.logQueries ?? []),
    baseline: (look, samples, context) => {
      for (const { analyser } of members) analyser.baseline(look, samples, context);
    },
    look: (look, samples, context) => {
      const reports = members.map(({ metric, weight, analyser }): MetricReport => {
        const findings = analyser.look(look, samples, context);
        return { name: metric.name, type: metric.type, shadow: metric.shadow, weight, ...findings };
      });
      return {
        index: look.index,
        startMs: look.startMs,
        endMs: look.endMs,
        step: look.step,
        metrics: reports,
        logE: combinedLogE(reports),
        canaryRequests: Math.max(0, ...reports.map(requests)),
      };
    },
  };
}

/** ln Σ w_m E_m over the gating metrics: an e-value under any dependence between them. */
export function combinedLogE(reports: readonly MetricReport[]): number {
  const gating = reports.filter(({ weight }) => weight > 0);
  return gating.length === 0 ? 0 : averageEvidence(gating).logE;
}

function requests({ type, canary }: MetricReport): number {
  return type === 'ratio' || type === 'objective' || type === 'latency' ? canary.total : 0;
}

import { assertNever } from '../../../../toolkit/action/errors.ts';
import type { MetricConfig } from '../config/metric.ts';
import { alertAnalyser } from './alert-analyser.ts';
import { gaugeAnalyser } from './gauge-analyser.ts';
import { latencyAnalyser } from './latency-analyser.ts';
import { logsAnalyser } from './logs-analyser.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { objectiveAnalyser } from './objective-analyser.ts';
import { ratioAnalyser } from './ratio-analyser.ts';
import { restartsAnalyser } from './restarts-analyser.ts';

/** The analyser for each kind of metric. */
export function metricAnalyser(metric: MetricConfig, options: AnalyserOptions): MetricAnalyser {
  switch (metric.type) {
    case 'ratio':
      return ratioAnalyser(metric, options);
    case 'objective':
      return objectiveAnalyser(metric, options);
    case 'latency':
      return latencyAnalyser(metric, options);
    case 'gauge':
      return gaugeAnalyser(metric, options);
    case 'restarts':
      return restartsAnalyser(metric, options);
    case 'alert':
      return alertAnalyser(metric, options);
    case 'logs':
      return logsAnalyser(metric, options);
    default:
      return assertNever(metric);
  }
}

import { UserError } from '../../../../toolkit/action/errors.ts';
import type { MetricConfig } from '../config/metric.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { objectiveAnalyser } from './objective-analyser.ts';
import { ratioAnalyser } from './ratio-analyser.ts';

/** The analyser for each kind of metric. */
export function metricAnalyser(metric: MetricConfig, options: AnalyserOptions): MetricAnalyser {
  switch (metric.type) {
    case 'ratio':
      return ratioAnalyser(metric, options);
    case 'objective':
      return objectiveAnalyser(metric, options);
    case 'latency':
    case 'gauge':
    case 'restarts':
    case 'alert':
    case 'logs':
      throw new UserError(
        'E_CONFIG',
        `metrics of type '${metric.type}' are not supported yet`,
        'leave the metric out',
      );
  }
}

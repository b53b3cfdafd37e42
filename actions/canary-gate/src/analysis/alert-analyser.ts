import { narrowed, planQueries, selectorTest } from '../../../../toolkit/prometheus/query-plan.ts';
import { seriesKey } from '../../../../toolkit/prometheus/series.ts';
import type { AlertMetric } from '../config/metric.ts';
import { samplesOf, type Samples } from './look.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';

const none = { events: 0, total: 0 };

/** A tripwire: an alert that begins to fire after the canary began and whose labels select the canary. */
export function alertAnalyser(metric: AlertMetric, { arms }: AnalyserOptions): MetricAnalyser {
  const firing = {
    metric: 'ALERTS',
    matchers: [{ label: 'alertstate', operator: '=' as const, value: 'firing' }, ...metric.matchers],
  };
  const selector = narrowed(firing, arms.canary);
  const queries = planQueries([selector]);
  const selects = selectorTest(selector);
  const before = new Set<string>();

  const burning = (samples: Samples): Map<string, string> => {
    const found = new Map<string, string>();
    for (const { labels, samples: values } of samplesOf(samples, queries))
      if (selects(labels) && values.some(([, value]) => value > 0))
        found.set(seriesKey(labels), labels.alertname ?? 'an alert without a name');
    return found;
  };

  return {
    queries,
    baseline: (_, samples) => {
      // What fires since before the canary is no news about it; only the last state before the start counts.
      before.clear();
      for (const key of burning(samples).keys()) before.add(key);
    },
    look: (_, samples) => {
      const now = burning(samples);
      for (const key of before) if (!now.has(key)) before.delete(key);
      const fresh = [...now].filter(([key]) => !before.has(key)).map(([, name]) => name);
      return {
        ...{ logE: 0, logPromote: undefined, canary: none, stable: none, problems: [] },
        ...(fresh.length === 0 ? {} : { tripped: `${[...new Set(fresh)].join(', ')} fires for the canary` }),
        ...(before.size === 0 ? {} : { note: `${before.size} fired before the canary began: not counted` }),
      };
    },
  };
}

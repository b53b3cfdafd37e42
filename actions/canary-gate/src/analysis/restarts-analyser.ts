import { narrowed, planQueries } from '../../../../toolkit/prometheus/query-plan.ts';
import { podOf, seriesKey, type RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { RestartsMetric } from '../config/metric.ts';
import { comparison } from './comparison.ts';
import { samplesOf, type Context } from './look.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { podPresence } from './pod-presence.ts';
import { silentMs } from './problems.ts';

const waiting = 'kube_pod_container_status_waiting_reason';
const terminated = 'kube_pod_container_status_last_terminated_reason';

/** Labels that kube-state-metrics shares with the pods' own series; `app` and `track` are not among them. */
const placeLabels = new Set(['namespace', 'cluster', 'pod', 'container']);

/**
 * Restarts per pod-second of the arms (Poisson), from a start time that jumps or a counter that grows; and as
 * tripwires what kube-state-metrics says of the canary's pods: OOMKilled and CrashLoopBackOff.
 */
export function restartsAnalyser(metric: RestartsMetric, options: AnalyserOptions): MetricAnalyser {
  const { arms, sinceMs } = options;
  const place = arms.canary.filter(({ label }) => placeLabels.has(label) && label !== 'pod');
  const metricName = metric.metric.metric ?? '';
  const named = [metric.metric, { metric: waiting, matchers: [] }, { metric: terminated, matchers: [] }];
  const queries = planQueries(named.map((selector) => narrowed(selector, place)));
  const compared = comparison({
    ...options,
    margin: metric.margin,
    promoteMargin: undefined,
    model: 'poisson',
    // A pod that restarts is silent meanwhile: left out too soon, its restart would be left out with it.
    patienceMs: silentMs,
  });
  const presence = podPresence(sinceMs);
  const last = new Map<string, number>();
  const trippedBefore = new Set<string>();

  const ownSeries = (series: readonly RawSeries[]): RawSeries[] =>
    series.filter(({ labels }) => labels.__name__ === metricName);

  const restartsOf = (series: readonly RawSeries[]): Map<string, number> => {
    // A process scraped by two jobs has two series: the most that one of them shows is what happened.
    const containers = new Map<string, { pod: string; gained: number }>();
    for (const { labels, samples } of series) {
      const key = seriesKey(labels);
      const pod = podOf(labels);
      const container = `${pod} ${labels.container ?? ''}`;
      let own = 0;
      const counter = !metricName.endsWith('_seconds');
      for (const [, value] of samples) {
        const previous = last.get(key);
        last.set(key, value);
        if (previous === undefined || !(value > previous)) continue;
        // A start time may wobble by a clock's tick; a counter may have grown by several.
        own += counter ? value - previous : value - previous > 1 ? 1 : 0;
      }
      const before = containers.get(container)?.gained ?? 0;
      containers.set(container, { pod, gained: Math.max(before, own) });
    }
    const restarts = new Map<string, number>();
    for (const { pod, gained } of containers.values()) restarts.set(pod, (restarts.get(pod) ?? 0) + gained);
    return restarts;
  };

  const trips = (series: readonly RawSeries[], pods: Context): string[] =>
    series.flatMap(({ labels, samples }) => {
      const { reason = '' } = labels;
      const watched =
        (labels.__name__ === waiting && reason === 'CrashLoopBackOff') ||
        (labels.__name__ === terminated && reason === 'OOMKilled');
      if (!watched || pods.arms.get(podOf(labels)) !== 'canary') return [];
      return (samples.at(-1)?.[1] ?? 0) > 0 ? [`${podOf(labels)} is ${reason}`] : [];
    });

  return {
    queries,
    baseline: (look, samples, context) => {
      const series = samplesOf(samples, queries);
      const own = ownSeries(series);
      const restarts = restartsOf(own);
      const { pods } = presence(look, own, context);
      compared.baseline(
        pods.map(({ pod, arm, seconds }) => ({ pod, arm, events: restarts.get(pod) ?? 0, total: seconds })),
      );
      for (const trip of trips(series, context)) trippedBefore.add(trip);
    },
    look: (look, samples, context) => {
      const series = samplesOf(samples, queries);
      const own = ownSeries(series);
      const restarts = restartsOf(own);
      const { pods, gaps } = presence(look, own, context);
      const counts = pods.map(({ pod, arm, seconds }) => ({
        ...{ pod, arm, events: restarts.get(pod) ?? 0, total: seconds },
      }));
      const findings = compared.look(look, counts, gaps);
      const fresh = trips(series, context).filter((trip) => !trippedBefore.has(trip));
      return {
        ...findings,
        ...(fresh.length === 0 ? {} : { tripped: [...new Set(fresh)].join(', ') }),
        note: `restarts in pod-seconds since ${new Date(sinceMs).toISOString().slice(11, 19)}`,
        problems: [],
      };
    },
  };
}

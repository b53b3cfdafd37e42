import { planQueries } from '../../../../toolkit/prometheus/query-plan.ts';
import { podOf } from '../../../../toolkit/prometheus/series.ts';
import { gaugeTest, type GaugeEvidence } from '../../../../toolkit/statistics/gauge-test.ts';
import type { GaugeMetric } from '../config/metric.ts';
import { armSelectors, armTest, type Arm } from './arms.ts';
import { gaugeNote, projectedTrip } from './gauge-note.ts';
import { samplesOf, type Samples } from './look.ts';
import type { AnalyserOptions, MetricAnalyser } from './metric-analyser.ts';
import { noSeries } from './problems.ts';
import type { DataProblem } from './report.ts';

const none = { events: 0, total: 0 };

/** Level or growth of a gauge on the canary's pods against stable's; a projected breach of the limit fails by itself. */
export function gaugeAnalyser(metric: GaugeMetric, options: AnalyserOptions): MetricAnalyser {
  const { arms, alpha, sinceMs } = options;
  const queries = planQueries(armSelectors(metric.metric, arms));
  const armOf = armTest(metric.metric, arms);
  const { limit } = metric;
  const test = gaugeTest({
    ...{ test: metric.test, alpha, margin: Math.max(metric.margin, 1.001) },
    ...(limit === undefined ? {} : { limit }),
  });
  const seen = new Set<Arm>();
  let evidence: GaugeEvidence = { logE: 0, peakLogE: 0, blocks: 0, blockSeconds: 300 };
  let levels: { canary: number; stable: number } | undefined;

  /** The newest reading of each pod; the series of one pod (its containers) are added up. */
  const readings = (
    samples: Samples,
  ): { canary: Map<string, number>; stable: Map<string, number>; problems: DataProblem[] } => {
    const pods = { canary: new Map<string, number>(), stable: new Map<string, number>() };
    const problems: DataProblem[] = [];
    for (const { labels, samples: values } of samplesOf(samples, queries)) {
      const arm = armOf(labels);
      const newest = values.at(-1)?.[1];
      if (arm === undefined || newest === undefined) continue;
      seen.add(arm);
      const pod = podOf(labels);
      if (Number.isFinite(newest)) pods[arm].set(pod, (pods[arm].get(pod) ?? 0) + newest);
      else problems.push(unreadable(arm, pod, newest));
    }
    return { ...pods, problems: problems.slice(0, 1) };
  };

  return {
    queries,
    baseline: (_, samples) => {
      readings(samples);
    },
    look: (look, samples) => {
      const { canary, stable, problems } = readings(samples);
      const seconds = (look.endMs - sinceMs) / 1000;
      evidence = test.update({ seconds, canary, stable });
      if (canary.size > 0 && stable.size > 0) levels = { canary: mean(canary), stable: mean(stable) };
      const tripped = projectedTrip(metric, evidence, options);
      const missing = (['canary', 'stable'] as const)
        .filter((arm) => !seen.has(arm))
        .map((arm) => noSeries(arm, arms));
      const { slope } = evidence;
      return {
        logE: evidence.logE,
        logPromote: undefined,
        canary: none,
        stable: none,
        ...(levels === undefined
          ? {}
          : {
              levels: {
                ...levels,
                ...(slope === undefined ? {} : { slope: slope.estimate, slopeLow: slope.low }),
              },
            }),
        ...(tripped === undefined ? {} : { tripped }),
        note: gaugeNote(metric, evidence, levels),
        problems: [...missing, ...problems],
      };
    },
  };
}

function mean(readings: ReadonlyMap<string, number>): number {
  return [...readings.values()].reduce((sum, value) => sum + value, 0) / readings.size;
}

function unreadable(arm: Arm, pod: string, value: number): DataProblem {
  const kind = Number.isNaN(value) ? 'nan' : 'infinite';
  return { kind, arm, text: `the gauge of ${pod} is ${value}: the reading is left out`, blocks: true };
}

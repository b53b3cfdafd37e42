import { planQueries } from '../../../../toolkit/prometheus/query-plan.ts';
import { podOf, type Labels } from '../../../../toolkit/prometheus/series.ts';
import { armSelectors, armTest, type Arm, type Arms } from './arms.ts';
import { samplesOf, type Samples } from './look.ts';

/** What is known of the pods after a look. */
export interface Pods {
  /** The arm of each pod ever scraped. */
  readonly arms: ReadonlyMap<string, Arm>;
  /** When each pod's process began, ms, as far as it exports it. */
  readonly startedMs: ReadonlyMap<string, number>;
  /** Pods that were scraped in this look, with the time of the newest sample, ms. */
  readonly alive: ReadonlyMap<string, number>;
  /** When each pod that is a target was last tried, and last reached (−Infinity: never), ms. */
  readonly targets: ReadonlyMap<string, Target>;
}

export interface Target {
  readonly triedMs: number;
  readonly reachedMs: number;
}

const up = { metric: 'up', matchers: [] };
const startTime = { metric: 'process_start_time_seconds', matchers: [] };

/**
 * Which pods belong to which arm and when their processes began: from `up`, which Prometheus keeps of each target,
 * and from the start time that every client library exports.
 */
export function podDirectory(arms: Arms): {
  readonly queries: readonly string[];
  readonly update: (samples: Samples) => Pods;
} {
  const queries = planQueries([up, startTime].flatMap((selector) => armSelectors(selector, arms)));
  const tests = [up, startTime].map((selector) => armTest(selector, arms));
  const known = new Map<string, Arm>();
  const startedMs = new Map<string, number>();
  const targets = new Map<string, Target>();

  const armOf = (labels: Labels): Arm | undefined => tests[0]?.(labels) ?? tests[1]?.(labels);

  return {
    queries,
    update: (samples) => {
      const alive = new Map<string, number>();
      for (const { labels, samples: values } of samplesOf(samples, queries)) {
        const arm = armOf(labels);
        const [atMs, newest] = values.at(-1) ?? [];
        if (arm === undefined || atMs === undefined || newest === undefined) continue;
        const pod = podOf(labels);
        known.set(pod, arm);
        const lives = (): void => {
          alive.set(pod, Math.max(atMs, alive.get(pod) ?? 0));
        };
        if (labels.__name__ === startTime.metric) {
          if (Number.isFinite(newest)) startedMs.set(pod, newest * 1000);
          lives();
        } else {
          if (newest === 1) lives();
          const { triedMs, reachedMs } = targets.get(pod) ?? { triedMs: -Infinity, reachedMs: -Infinity };
          const reached = values.findLast(([, value]) => value === 1)?.[0] ?? -Infinity;
          targets.set(pod, { triedMs: Math.max(triedMs, atMs), reachedMs: Math.max(reachedMs, reached) });
        }
      }
      return { arms: known, startedMs, alive, targets };
    },
  };
}

import type { TrackedPod } from '../../../../toolkit/prometheus/counter-tracker.ts';
import type { Selector } from '../../../../toolkit/prometheus/matchers.ts';
import { planQueries, selectorTest } from '../../../../toolkit/prometheus/query-plan.ts';
import type { Labels } from '../../../../toolkit/prometheus/series.ts';
import { armTracker, type ArmTracker, type TrackNotes } from './arm-tracker.ts';
import { sumOf } from './arm-sums.ts';
import { armSelectors, armTest, type Arm, type Arms } from './arms.ts';
import type { Context, Look, Samples } from './look.ts';
import type { ArmTotals } from './report.ts';
import { samplesOf } from './look.ts';

export interface PodCounts extends ArmTotals {
  readonly pod: string;
  readonly arm: Arm;
}

/** Events and totals of one look: whole numbers, by pod. */
export interface LookCounts extends TrackNotes {
  readonly pods: readonly PodCounts[];
  readonly canary: ArmTotals;
  readonly stable: ArmTotals;
}

export interface EventCounter extends Pick<ArmTracker<Role>, 'silent' | 'podNames'> {
  readonly queries: readonly string[];
  readonly count: (look: Look, samples: Samples, context: Context) => LookCounts;
}

interface Role {
  readonly event: boolean;
  readonly total: boolean;
}

/** Counts events and totals of both arms out of counter series. */
export function eventCounter(
  events: readonly Selector[],
  total: Selector,
  arms: Arms,
  sinceMs: number,
): EventCounter {
  const queries = planQueries([total, ...events].flatMap((selector) => armSelectors(selector, arms)));
  const isEvent = events.map(selectorTest);
  const isTotal = selectorTest(total);
  const armTests = [total, ...events].map((selector) => armTest(selector, arms));
  const tracker = armTracker(
    (labels) => firstArm(armTests, labels),
    (labels): Role => ({ event: isEvent.some((test) => test(labels)), total: isTotal(labels) }),
    sinceMs,
  );

  return {
    queries,
    silent: tracker.silent,
    podNames: tracker.podNames,
    count: (look, samples, context) => {
      const { increments, ...notes } = tracker.track(samplesOf(samples, queries), look, context);
      const pods = new Map<TrackedPod, { pod: string; arm: Arm; events: number; total: number }>();
      for (const { series, delta } of increments) {
        const { pod, tag } = series;
        const { role, arm } = tag;
        let entry = pods.get(pod);
        if (entry === undefined) pods.set(pod, (entry = { pod: pod.name, arm, events: 0, total: 0 }));
        if (role.event) entry.events += delta;
        if (role.total) entry.total += delta;
      }
      const list = [...pods.values()];
      return { ...notes, pods: list, canary: sumOf(list, 'canary'), stable: sumOf(list, 'stable') };
    },
  };
}

function firstArm(tests: readonly ((labels: Labels) => Arm | undefined)[], labels: Labels): Arm | undefined {
  for (const test of tests) {
    const arm = test(labels);
    if (arm !== undefined) return arm;
  }
  return undefined;
}

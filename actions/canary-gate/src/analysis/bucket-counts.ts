import type { TrackedPod } from '../../../../toolkit/prometheus/counter-tracker.ts';
import type { Selector } from '../../../../toolkit/prometheus/matchers.ts';
import { planQueries } from '../../../../toolkit/prometheus/query-plan.ts';
import type { Bucket } from '../../../../toolkit/statistics/bucket-quantiles.ts';
import { armTracker, type ArmTracker, type TrackNotes } from './arm-tracker.ts';
import { armSelectors, armTest, type Arm, type Arms } from './arms.ts';
import { samplesOf, type Context, type Look, type Samples } from './look.ts';
import { asClassic, onGrid } from './native-buckets.ts';

/** Requests of one pod in one look by upper boundary, cumulative as in the histogram; Infinity holds them all. */
export interface PodBuckets {
  readonly pod: string;
  readonly arm: Arm;
  readonly within: ReadonlyMap<number, number>;
}

export interface BucketCounter extends Pick<ArmTracker<number>, 'silent'> {
  readonly queries: readonly string[];
  readonly count: (look: Look, samples: Samples, context: Context) => TrackNotes & { pods: PodBuckets[] };
  /** Boundaries that an arm's series have had so far, ascending, without Infinity. */
  readonly boundaries: (arm: Arm) => number[];
  /** False once histograms have become too coarse to tell what is slower than the boundary. */
  readonly readable: (le: number) => boolean;
}

/** Reads latency histograms of both arms, classic (`…_bucket`) or native. */
export function bucketCounter(histogram: Selector, arms: Arms, sinceMs: number): BucketCounter {
  const base = (histogram.metric ?? '').replace(/_bucket$/, '');
  const classic: Selector = { ...histogram, metric: `${base}_bucket` };
  const native: Selector = { ...histogram, metric: base };
  const queries = planQueries([classic, native].flatMap((selector) => armSelectors(selector, arms)));
  const armOf = armTest(classic, arms);
  let step = 0;
  const layouts = { canary: new Set<number>(), stable: new Set<number>() };
  const tracker = armTracker(
    armOf,
    (labels, arm) => {
      const le = boundary(labels.le);
      if (Number.isFinite(le)) layouts[arm].add(le);
      return le;
    },
    sinceMs,
  );

  return {
    queries,
    silent: tracker.silent,
    boundaries: (arm) => [...layouts[arm]].sort((a, b) => a - b),
    readable: (le) => onGrid(le, step),
    count: (look, samples, context) => {
      const view = asClassic(samplesOf(samples, queries));
      const { series } = view;
      step = Math.max(step, view.step);
      const { increments, ...notes } = tracker.track(series, look, context);
      const pods = new Map<TrackedPod, { pod: string; arm: Arm; within: Map<number, number> }>();
      for (const { pod, role: le, arm, delta } of increments) {
        if (Number.isNaN(le)) continue;
        let entry = pods.get(pod);
        if (entry === undefined) pods.set(pod, (entry = { pod: pod.name, arm, within: new Map() }));
        entry.within.set(le, (entry.within.get(le) ?? 0) + delta);
      }
      return { ...notes, pods: [...pods.values()] };
    },
  };
}

/** Sums pods into one cumulative histogram over the given boundaries, the last one Infinity. */
export function cumulative(pods: readonly PodBuckets[], boundaries: readonly number[]): Bucket[] {
  return [...boundaries, Infinity].map((le) => ({
    le,
    count: pods.reduce((sum, { within }) => sum + (within.get(le) ?? 0), 0),
  }));
}

function boundary(le: string | undefined): number {
  if (le === '+Inf') return Infinity;
  return le === undefined || le === '' ? NaN : Number(le);
}

import type { TrackedPod } from '../../../../toolkit/prometheus/counter-tracker.ts';
import { podOf } from '../../../../toolkit/prometheus/series.ts';
import type { Selector } from '../../../../toolkit/prometheus/matchers.ts';
import { planQueries } from '../../../../toolkit/prometheus/query-plan.ts';
import { armTracker, type ArmTracker, type TrackNotes } from './arm-tracker.ts';
import { armSelectors, armTest, type Arm, type Arms } from './arms.ts';
import { samplesOf, type Context, type Look, type Samples } from './look.ts';
import { asClassic, onGrid } from './native-buckets.ts';

/** Requests of one pod in one look by upper boundary, cumulative as in the histogram; Infinity holds them all. */
export interface PodBuckets {
  readonly pod: string;
  readonly arm: Arm;
  /** By the place of the boundary, see `BucketCounter.placeOf`; nothing where there was none. */
  readonly within: readonly (number | undefined)[];
}

export interface BucketCounter extends Pick<ArmTracker<number | undefined>, 'silent'> {
  readonly queries: readonly string[];
  readonly count: (look: Look, samples: Samples, context: Context) => TrackNotes & { pods: PodBuckets[] };
  /** Boundaries that an arm's series have had so far, ascending, without Infinity. */
  readonly boundaries: (arm: Arm) => number[];
  /** Pods whose histograms have no such boundary: nothing is known of what is slower there. */
  readonly lacking: (le: number) => ReadonlySet<string>;
  /** Where a boundary's requests are in `within`; it stays the same for good. */
  readonly placeOf: (le: number) => number;
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
  const layoutOf = new Map<string, Set<number>>();
  const lackingAt = new Map<number, Set<string>>();
  const places = new Map<number, number>();
  const placeOf = (le: number): number => {
    const place = places.get(le) ?? places.size;
    places.set(le, place);
    return place;
  };
  const tracker = armTracker(
    armOf,
    (labels, arm) => {
      const le = boundary(labels.le);
      if (Number.isFinite(le)) {
        layouts[arm].add(le);
        const pod = podOf(labels);
        layoutOf.set(pod, (layoutOf.get(pod) ?? new Set()).add(le));
        lackingAt.clear();
      }
      return Number.isNaN(le) ? undefined : placeOf(le);
    },
    sinceMs,
  );

  return {
    queries,
    silent: tracker.silent,
    boundaries: (arm) => [...layouts[arm]].sort((a, b) => a - b),
    lacking: (le) => {
      const known = lackingAt.get(le) ?? new Set<string>();
      if (!lackingAt.has(le)) for (const [pod, layout] of layoutOf) if (!layout.has(le)) known.add(pod);
      lackingAt.set(le, known);
      return known;
    },
    placeOf,
    readable: (le) => onGrid(le, step),
    count: (look, samples, context) => {
      const view = asClassic(samplesOf(samples, queries));
      const { series } = view;
      step = Math.max(step, view.step);
      const { increments, ...notes } = tracker.track(series, look, context);
      const pods = new Map<TrackedPod, { pod: string; arm: Arm; within: number[] }>();
      let latest: TrackedPod | undefined;
      let entry: { within: number[] } | undefined;
      for (const { series: one, delta } of increments) {
        const { pod, tag } = one;
        if (tag.role === undefined) continue;
        // Buckets of a pod follow each other.
        if (pod !== latest || entry === undefined) {
          const fresh = { pod: pod.name, arm: tag.arm, within: [] };
          const known = pods.get(pod) ?? fresh;
          if (known === fresh) pods.set(pod, fresh);
          latest = pod;
          entry = known;
        }
        entry.within[tag.role] = (entry.within[tag.role] ?? 0) + delta;
      }
      return { ...notes, pods: [...pods.values()] };
    },
  };
}

function boundary(le: string | undefined): number {
  if (le === '+Inf') return Infinity;
  return le === undefined || le === '' ? NaN : Number(le);
}

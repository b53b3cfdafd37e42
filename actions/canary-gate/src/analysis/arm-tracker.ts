import {
  counterTracker,
  type Increment,
  type SeriesProblem,
  type TrackedPod,
} from '../../../../toolkit/prometheus/counter-tracker.ts';
import type { Labels, RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { Gaps } from './align-arms.ts';
import type { Arm } from './arms.ts';
import type { Context, Look } from './look.ts';
import { warmUpMs } from './warm-up.ts';

/** Which arm a series belongs to and what it counts. */
export interface ArmTag<Role> {
  readonly arm: Arm;
  readonly role: Role;
}

/** What a series of an arm gained in a look. */
export type ArmIncrement<Role> = Increment<ArmTag<Role>>;

/** What a look brought, apart from the counts themselves. */
export interface TrackNotes {
  readonly problems: readonly SeriesProblem[];
  /** Arms that have given at least one series since the start. */
  readonly seen: ReadonlySet<Arm>;
  /** Arms whose requests of this look were left out because their pods had just begun. */
  readonly warming: ReadonlySet<Arm>;
  /** Those pods. */
  readonly warmingPods: ReadonlySet<string>;
  /** Pods whose events of this look are still to come. */
  readonly gaps: Gaps;
}

export interface Tracked<Role> extends TrackNotes {
  readonly increments: readonly ArmIncrement<Role>[];
}

/** As long as the gate looks back: by then a pod that is replaced is gone for good. */
const forgetAfterMs = 3_600_000;

export interface ArmTracker<Role> {
  readonly track: (series: readonly RawSeries[], look: Look, context: Context) => Tracked<Role>;
  /** Pods of an arm whose newest sample is older than `ageMs` at `nowMs`, and how many there are in all. */
  readonly silent: (arm: Arm, nowMs: number, ageMs: number) => { silent: string[]; all: number };
  /** Every pod of an arm that ever gave a sample. */
  readonly podNames: (arm: Arm) => string[];
}

/**
 * Increments of counters with the arm they belong to, without those of pods that have just begun. `roleOf` is asked
 * once for each series of an arm.
 */
export function armTracker<Role>(
  armOf: (labels: Labels) => Arm | undefined,
  roleOf: (labels: Labels, arm: Arm) => Role,
  sinceMs: number,
): ArmTracker<Role> {
  const seen = new Set<Arm>();
  const podArms = new WeakMap<TrackedPod, Arm | undefined>();
  const tracker = counterTracker(sinceMs, (labels): ArmTag<Role> | undefined => {
    const arm = armOf(labels);
    if (arm === undefined) return undefined;
    seen.add(arm);
    return { arm, role: roleOf(labels, arm) };
  });

  const knownPods = (): Record<Arm, TrackedPod[]> => {
    const all: Record<Arm, TrackedPod[]> = { canary: [], stable: [] };
    for (const pod of tracker.pods()) {
      const arm = podArms.get(pod) ?? armOf(pod.labels);
      podArms.set(pod, arm);
      if (arm !== undefined) all[arm].push(pod);
    }
    return all;
  };
  const gapOf = (all: readonly TrackedPod[], look: Look) => {
    // Rare scrapes are no gap: a pod is silent when the sample that was due in this look did not come.
    const due = (pod: TrackedPod): number =>
      Number.isFinite(pod.scrapeMs) ? Math.max(look.endMs - look.startMs, 1.25 * pod.scrapeMs) : Infinity;
    const silent = all.filter((pod) => look.endMs - pod.lastMs > due(pod)).map(({ name }) => name);
    return { silent, all: all.length };
  };
  /** Pods that ended long ago and were followed by others; the last ones of an arm stay, to show that it is down. */
  const forgetEnded = (all: readonly TrackedPod[], nowMs: number): void => {
    const ended = all.filter(({ lastMs }) => nowMs - lastMs > forgetAfterMs);
    if (ended.length < all.length) for (const pod of ended) tracker.forget(pod);
  };

  return {
    track: (series, look, context) => {
      const { increments, problems } = tracker.feed(series, look.endMs, context.startedMs);
      const warming = new Set<Arm>();
      const warmingPods = new Set<string>();
      const kept = increments.filter((one): one is ArmIncrement<Role> => {
        const { tag, pod } = one.series;
        if (tag === undefined) return false;
        // What a pod does in its first minute (caches, pools, compilation) says little about what it will do.
        const justBegun = pod.firstMs > sinceMs - warmUpMs && look.startMs < pod.firstMs + warmUpMs;
        if (justBegun) {
          warming.add(tag.arm);
          warmingPods.add(pod.name);
        }
        return !justBegun;
      });
      const pods = knownPods();
      const gaps = { canary: gapOf(pods.canary, look), stable: gapOf(pods.stable, look) };
      forgetEnded(pods.canary, look.endMs);
      forgetEnded(pods.stable, look.endMs);
      return {
        increments: kept,
        problems: problems.filter(({ labels }) => armOf(labels) !== undefined),
        seen,
        warming,
        warmingPods,
        gaps,
      };
    },
    podNames: (arm) => knownPods()[arm].map(({ name }) => name),
    silent: (arm, nowMs, ageMs) => {
      const all = knownPods()[arm];
      return { silent: all.filter((p) => nowMs - p.lastMs > ageMs).map((p) => p.name), all: all.length };
    },
  };
}

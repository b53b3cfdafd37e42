import {
  counterTracker,
  type SeriesProblem,
  type TrackedPod,
} from '../../../../toolkit/prometheus/counter-tracker.ts';
import type { Labels, RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { Arm } from './arms.ts';
import type { Context, Look } from './look.ts';
import { warmUpMs } from './warm-up.ts';

export interface ArmIncrement<Role> {
  readonly arm: Arm;
  readonly pod: TrackedPod;
  readonly role: Role;
  readonly delta: number;
}

/** What a look brought, apart from the counts themselves. */
export interface TrackNotes {
  readonly problems: readonly SeriesProblem[];
  /** Arms that have given at least one series since the start. */
  readonly seen: ReadonlySet<Arm>;
  /** Arms whose requests of this look were left out because their pods had just begun. */
  readonly warming: ReadonlySet<Arm>;
}

export interface Tracked<Role> extends TrackNotes {
  readonly increments: readonly ArmIncrement<Role>[];
}

export interface ArmTracker<Role> {
  readonly track: (series: readonly RawSeries[], look: Look, context: Context) => Tracked<Role>;
  /** Pods of an arm whose newest sample is older than `ageMs` at `nowMs`, and how many there are in all. */
  readonly silent: (arm: Arm, nowMs: number, ageMs: number) => { silent: string[]; all: number };
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
  const tracker = counterTracker(sinceMs, (labels) => {
    const arm = armOf(labels);
    if (arm === undefined) return undefined;
    seen.add(arm);
    return { arm, role: roleOf(labels, arm) };
  });

  return {
    track: (series, look, context) => {
      const { increments, problems } = tracker.feed(series, look.endMs, context.startedMs);
      const warming = new Set<Arm>();
      const kept: ArmIncrement<Role>[] = [];
      for (const { series: one, delta } of increments) {
        const { tag, pod } = one;
        if (tag === undefined) continue;
        // What a pod does in its first minute (caches, pools, compilation) says little about what it will do.
        const justBegun = pod.firstMs > sinceMs - warmUpMs && look.startMs < pod.firstMs + warmUpMs;
        if (justBegun) warming.add(tag.arm);
        else kept.push({ arm: tag.arm, pod, role: tag.role, delta });
      }
      return {
        increments: kept,
        problems: problems.filter(({ labels }) => armOf(labels) !== undefined),
        seen,
        warming,
      };
    },
    silent: (arm, nowMs, ageMs) => {
      const all = [...tracker.pods()].filter(({ labels }) => armOf(labels) === arm);
      return { silent: all.filter((p) => nowMs - p.lastMs > ageMs).map((p) => p.name), all: all.length };
    },
  };
}

import {
  counterTracker,
  type Increment,
  type SeriesProblem,
} from '../../../../toolkit/prometheus/counter-tracker.ts';
import type { Labels, RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { Arm } from './arms.ts';
import type { Context, Look } from './look.ts';
import { warmUpMs } from './warm-up.ts';

export interface ArmIncrement extends Increment {
  readonly arm: Arm;
}

/** What a look brought, apart from the counts themselves. */
export interface TrackNotes {
  readonly problems: readonly SeriesProblem[];
  /** Arms that have given at least one series since the start. */
  readonly seen: ReadonlySet<Arm>;
  /** Arms whose requests of this look were left out because their pods had just begun. */
  readonly warming: ReadonlySet<Arm>;
}

export interface Tracked extends TrackNotes {
  readonly increments: readonly ArmIncrement[];
}

export interface ArmTracker {
  readonly track: (series: readonly RawSeries[], look: Look, context: Context) => Tracked;
  /** Pods of an arm whose newest sample is older than `ageMs` at `nowMs`, and how many there are in all. */
  readonly silent: (arm: Arm, nowMs: number, ageMs: number) => { silent: string[]; all: number };
}

/** Increments of counters with the arm they belong to, without those of pods that have just begun. */
export function armTracker(armOf: (labels: Labels) => Arm | undefined, sinceMs: number): ArmTracker {
  const tracker = counterTracker(sinceMs);
  const arms = new WeakMap<Labels, Arm | 'none'>();
  const seen = new Set<Arm>();

  const cached = (labels: Labels): Arm | undefined => {
    let arm = arms.get(labels);
    if (arm === undefined) {
      arm = armOf(labels) ?? 'none';
      arms.set(labels, arm);
    }
    return arm === 'none' ? undefined : arm;
  };

  return {
    track: (series, look, context) => {
      const { increments, problems } = tracker.feed(series, look.endMs, context.startedMs);
      if (seen.size < 2) {
        for (const { labels } of tracker.pods()) {
          const arm = cached(labels);
          if (arm !== undefined) seen.add(arm);
        }
      }
      const warming = new Set<Arm>();
      const kept: ArmIncrement[] = [];
      for (const { series: one, delta } of increments) {
        const arm = cached(one.labels);
        if (arm === undefined) continue;
        // What a pod does in its first minute (caches, pools, compilation) says little about what it will do.
        const bornMs = tracker.firstSeenMs(one.pod) ?? -Infinity;
        if (bornMs > sinceMs - warmUpMs && look.startMs < bornMs + warmUpMs) warming.add(arm);
        else kept.push({ series: one, delta, arm });
      }
      return {
        increments: kept,
        problems: problems.filter(({ labels }) => cached(labels) !== undefined),
        seen,
        warming,
      };
    },
    silent: (arm, nowMs, ageMs) => {
      const all = [...tracker.pods()].filter(({ labels }) => cached(labels) === arm);
      return { silent: all.filter((p) => nowMs - p.lastMs > ageMs).map((p) => p.pod), all: all.length };
    },
  };
}

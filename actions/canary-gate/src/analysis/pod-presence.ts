import { podOf, type RawSeries } from '../../../../toolkit/prometheus/series.ts';
import type { Gaps } from './align-arms.ts';
import type { Arm } from './arms.ts';
import type { Context, Look } from './look.ts';

interface Presence {
  lastMs: number;
  /** Shortest time between two sights of it, ms; Infinity before the second. */
  rhythmMs: number;
  countedMs: number;
}

/** Seconds that a pod has run, as far as it was seen, until the end of a look. */
export interface PodSeconds {
  readonly pod: string;
  readonly arm: Arm;
  readonly seconds: number;
}

/**
 * How long each pod ran in each look. The seconds of a pod that gave no sample are counted when it is seen again, as
 * its restarts are, so that both belong to one span of time; until then it is a gap. What was before `sinceMs` is not
 * counted after it.
 */
export function podPresence(
  sinceMs: number,
): (
  look: Look,
  series: readonly RawSeries[],
  context: Context,
) => { readonly pods: readonly PodSeconds[]; readonly gaps: Gaps } {
  const known = new Map<string, Presence>();

  const see = (pod: string, atMs: number, look: Look): void => {
    const before = known.get(pod);
    if (before === undefined) known.set(pod, { lastMs: atMs, rhythmMs: Infinity, countedMs: look.startMs });
    else if (atMs > before.lastMs) {
      before.rhythmMs = Math.min(before.rhythmMs, atMs - before.lastMs);
      before.lastMs = atMs;
    }
  };

  return (look, series, { alive, arms }) => {
    for (const [pod, atMs] of alive) see(pod, atMs, look);
    for (const { labels, samples } of series) {
      const newest = samples.at(-1)?.[0];
      if (newest !== undefined) see(podOf(labels), newest, look);
    }
    const pods: PodSeconds[] = [];
    const gaps = { canary: { silent: [] as string[], all: 0 }, stable: { silent: [] as string[], all: 0 } };
    for (const [pod, presence] of known) {
      const arm = arms.get(pod);
      if (arm === undefined) continue;
      gaps[arm].all += 1;
      const { lastMs, rhythmMs, countedMs } = presence;
      // Rare scrapes are no gap.
      const due = Number.isFinite(rhythmMs) ? Math.max(look.endMs - look.startMs, 1.25 * rhythmMs) : Infinity;
      if (look.endMs - lastMs > due) {
        gaps[arm].silent.push(pod);
        continue;
      }
      const fromMs = look.endMs > sinceMs ? Math.max(countedMs, sinceMs) : countedMs;
      pods.push({ pod, arm, seconds: Math.round((look.endMs - fromMs) / 1000) });
      presence.countedMs = look.endMs;
    }
    return { pods, gaps };
  };
}

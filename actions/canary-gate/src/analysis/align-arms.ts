import type { PodCounts } from './event-counts.ts';
import type { Look } from './look.ts';

/** Pods of one arm that gave no sample in a look, of how many known ones. */
export interface ArmGap {
  readonly silent: readonly string[];
  readonly all: number;
}

export interface Gaps {
  readonly canary: ArmGap;
  readonly stable: ArmGap;
}

/** Counts of both arms over one and the same span of time. */
export interface Aligned {
  readonly startMs: number;
  readonly pods: readonly PodCounts[];
}

/** A single silent pod is waited for as long; a whole silent arm for good, because nothing can be told without it. */
const usualPatienceMs = 60_000;

/**
 * Holds counts back while pods are silent. A pod that comes back brings the events of its whole silence: against
 * the other arm's last seconds alone, an incident that both arms shared would look like a difference between them.
 * A pod that stayed away too long is left out, with what it brings, until a span begins in which it was there.
 */
export function armAligner(
  patienceMs = usualPatienceMs,
): (look: Look, pods: readonly PodCounts[], gaps: Gaps) => Aligned | undefined {
  let held = new Map<string, PodCounts>();
  let sinceMs: number | undefined;
  const leftOut = new Set<string>();

  return (look, pods, gaps) => {
    const silent = [...gaps.canary.silent, ...gaps.stable.silent];
    if (silent.length === 0 && sinceMs === undefined && leftOut.size === 0)
      return { startMs: look.startMs, pods };
    // Another share of traffic in the middle of a span would weigh its parts differently in the two arms.
    if (look.stepStart && sinceMs !== undefined) {
      held = new Map();
      sinceMs = undefined;
      for (const pod of silent) leftOut.add(pod);
    }
    const startMs = (sinceMs ??= look.startMs);
    for (const one of pods) {
      if (leftOut.has(one.pod)) continue;
      const before = held.get(one.pod) ?? { events: 0, total: 0 };
      held.set(one.pod, { ...one, events: before.events + one.events, total: before.total + one.total });
    }
    const blind = [gaps.canary, gaps.stable].some(({ silent: away, all }) => all > 0 && away.length === all);
    const awaited = silent.filter((pod) => !leftOut.has(pod));
    if (blind || (awaited.length > 0 && look.endMs - startMs < patienceMs)) return undefined;
    // What is held of a silent pod is of a part of the span, or half of its counts: lines without their requests.
    for (const pod of silent) held.delete(pod);
    const released = [...held.values()];
    held = new Map();
    sinceMs = undefined;
    leftOut.clear();
    for (const pod of silent) leftOut.add(pod);
    return { startMs, pods: released };
  };
}

import { podOf } from '../../../../toolkit/prometheus/series.ts';
import type { ArmGap, Gaps } from './align-arms.ts';
import type { Arm } from './arms.ts';
import type { LookCounts, PodCounts } from './event-counts.ts';
import type { Look, Samples } from './look.ts';

/** Lines beside requests, ready to be compared. */
export interface LoggedCounts {
  readonly pods: readonly PodCounts[];
  readonly gaps: Gaps;
}

/** Log lines of one arm in one look, by the pod that Loki names; '' where it names none. */
export function linesByPod(samples: Samples, key: string, { startMs, endMs }: Look): Map<string, number> {
  const lines = new Map<string, number>();
  for (const { labels, samples: counts } of samples.get(key) ?? []) {
    // Each sample is the count of the interval that ends with it.
    const sum = counts.reduce((all, [at, count]) => (at > startMs && at <= endMs ? all + count : all), 0);
    const pod = podOf(labels);
    if (sum > 0) lines.set(pod, (lines.get(pod) ?? 0) + Math.round(sum));
  }
  return lines;
}

/**
 * Adds each pod's lines to its requests, so that a silent pod's wait with them. Loki may know a pod by its bare name where
 * Prometheus has the namespace too, and the other way round. Lines that belong to no pod of the arm make it one unit, which
 * is whole only while none of its pods is silent that may come back.
 */
export function withLines(
  { pods, gaps, warmingPods }: LookCounts,
  lines: Readonly<Record<Arm, ReadonlyMap<string, number>>>,
  podNames: (arm: Arm) => readonly string[],
  isGone: (pod: string) => boolean,
): LoggedCounts {
  const arms = (['canary', 'stable'] as const).map((arm) => {
    const names = new Map(
      podNames(arm).flatMap((name) => [[name, name] as const, [bare(name), name] as const]),
    );
    const own = new Map(pods.filter((one) => one.arm === arm).map((one) => [one.pod, one]));
    let isWhole = true;
    let events = 0;
    for (const [logged, count] of lines[arm]) {
      const pod = names.get(logged) ?? names.get(bare(logged));
      // Of a pod that has just begun the requests are left out too.
      if (pod !== undefined && warmingPods.has(pod)) continue;
      events += count;
      if (pod === undefined) isWhole = false;
      else own.set(pod, { ...(own.get(pod) ?? { pod, arm, total: 0 }), events: count });
    }
    if (isWhole) return { pods: [...own.values()], gap: gaps[arm] };
    const total = [...own.values()].reduce((sum, one) => sum + one.total, 0);
    return { pods: [{ pod: arm, arm, events, total }], gap: asOne(arm, gaps[arm], isGone) };
  });
  const [canary, stable] = arms;
  return {
    pods: arms.flatMap((arm) => arm.pods),
    gaps: { canary: canary?.gap ?? gaps.canary, stable: stable?.gap ?? gaps.stable },
  };
}

function asOne(arm: Arm, { silent }: ArmGap, isGone: (pod: string) => boolean): ArmGap {
  return { silent: silent.every(isGone) ? [] : [arm], all: 1 };
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

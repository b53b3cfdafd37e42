import { countTest } from './count-test.ts';
import type { CountTest } from './count-test.ts';
import type { PodCounts } from './dispersion.ts';
import type { EventModel } from './factor.ts';
import { failGrid } from './grid.ts';
import { NO_LATE_STARTS } from './start-times.ts';

export interface PlaceboOptions {
  /** The level of the real test. */
  readonly alpha: number;
  /** The margin of the real test. */
  readonly margin: number;
  readonly model?: EventModel;
  /** Pods that play the canary: the first ones by name (default 20), to bound the cost per look. */
  readonly pods?: number;
}

export interface PlaceboResult {
  /** Stable pods that have played the canary. */
  readonly pods: number;
  /** Those whose evidence has reached 1/α, although nothing was released on them. */
  readonly crossed: readonly string[];
  /** max(1, 2α·pods): what chance alone explains. */
  readonly allowed: number;
  /** More crossings than chance explains: the verdict is to be capped at inconclusive. */
  readonly exceeded: boolean;
}

export interface Placebo {
  update(pods: readonly PodCounts[], phi?: number, lengthSeconds?: number): PlaceboResult;
}

/** The canary's own test for each stable pod against the other stable pods: a check of the assumptions on the data. */
export function placebo({ alpha, margin, model = 'bernoulli', pods: limit = 20 }: PlaceboOptions): Placebo {
  const tests = new Map<string, CountTest>();
  const crossed = new Set<string>();
  const grid = failGrid(Math.log(margin), 8);
  return {
    update(pods, phi = 1, lengthSeconds = 30) {
      const events = pods.reduce((sum, pod) => sum + pod.events, 0);
      const total = pods.reduce((sum, pod) => sum + pod.total, 0);
      for (const { pod } of pods.length < 2 ? [] : pods) {
        if (tests.size >= limit) break;
        if (!tests.has(pod))
          tests.set(pod, countTest({ side: 'fail', margin, model, grid, starts: NO_LATE_STARTS }));
      }
      for (const canary of pods) {
        const test = tests.get(canary.pod);
        if (test === undefined || events === 0) continue;
        const stable = { events: events - canary.events, total: total - canary.total };
        const { logE } = test.update({ canary, stable, phi, lengthSeconds });
        if (logE >= -Math.log(alpha)) crossed.add(canary.pod);
      }
      const allowed = Math.max(1, 2 * alpha * tests.size);
      return { pods: tests.size, crossed: [...crossed], allowed, exceeded: crossed.size > allowed };
    },
  };
}

import type { Matcher } from '../../../../toolkit/prometheus/matchers.ts';
import { narrowed, selectorTest } from '../../../../toolkit/prometheus/query-plan.ts';
import type { Selector } from '../../../../toolkit/prometheus/matchers.ts';
import type { Labels } from '../../../../toolkit/prometheus/series.ts';

export type Arm = 'canary' | 'stable';

export interface Arms {
  readonly canary: readonly Matcher[];
  readonly stable: readonly Matcher[];
}

/** The selector for each arm, its matchers merged in. */
export function armSelectors(selector: Selector, arms: Arms): Selector[] {
  return [narrowed(selector, arms.canary), narrowed(selector, arms.stable)];
}

/** Which arm a series of the selector belongs to. A series that both match is the canary's: it is the narrower one. */
export function armTest(selector: Selector, arms: Arms): (labels: Labels) => Arm | undefined {
  const canary = selectorTest(narrowed(selector, arms.canary));
  const stable = selectorTest(narrowed(selector, arms.stable));
  return (labels) => {
    if (canary(labels)) return 'canary';
    return stable(labels) ? 'stable' : undefined;
  };
}

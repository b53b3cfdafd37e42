import type { Step } from './analysis/steps.ts';
import type { LookReport } from './analysis/report.ts';
import type { Verdict } from './verdict.ts';

export interface TrafficPlan {
  /** Percent for the canary, ascending; empty: the gate leaves traffic alone. */
  readonly weights: readonly number[];
  readonly minDurationMs: number;
  readonly intervalMs: number;
}

/** Evidence from which on a canary gets no more traffic than it has. */
const holdE = Math.log(3);

/**
 * The next weight to set, or undefined to stay. Each step takes its share of the shortest duration and at least one
 * interval; a canary that looks worse, or that gives no usable data, stays where it is.
 */
export function nextWeight(
  plan: TrafficPlan,
  steps: readonly Step[],
  nowMs: number,
  last: LookReport | undefined,
): number | undefined {
  const next = plan.weights[steps.length];
  const current = steps.at(-1);
  if (next === undefined || current === undefined) return next;
  const stepMs = Math.max(plan.intervalMs, plan.minDurationMs / plan.weights.length);
  if (last === undefined || nowMs - current.atMs < stepMs || last.endMs <= current.atMs) return undefined;
  const gating = last.metrics.filter(({ shadow }) => !shadow);
  const worse = gating.some(({ logE }) => logE >= holdE);
  const blind = gating.some(({ problems }) => problems.some(({ blocks }) => blocks));
  return worse || blind ? undefined : next;
}

/** The weight that a verdict sets, or undefined to leave what is: a failed canary gets nothing at once. */
export function finalWeight(verdict: Verdict, onInconclusive: 'fail' | 'pass'): number | undefined {
  switch (verdict.kind) {
    case 'pass':
      return undefined;
    case 'fail':
      return 0;
    case 'inconclusive':
      return onInconclusive === 'fail' ? 0 : undefined;
  }
}

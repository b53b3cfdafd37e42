import { checkShare } from '../../../../toolkit/statistics/share-check.ts';
import type { MetricReport } from './report.ts';
import { stepAt, type Step } from './steps.ts';

export interface ObservedShare {
  readonly observedShare?: number;
  readonly shareMismatch?: boolean;
}

/** Compares what the router is set to with what the arms really received, anew for each traffic step. */
export function shareWatch(): (
  metrics: readonly MetricReport[],
  steps: readonly Step[],
  endMs: number,
) => ObservedShare {
  let step = -1;
  let before = { canary: 0, stable: 0 };
  return (metrics, steps, endMs) => {
    const busiest = metrics
      .filter(({ type }) => type === 'ratio' || type === 'latency')
      .reduce((most, one) => (one.stable.total > most.stable ? totals(one) : most), { canary: 0, stable: 0 });
    const current = stepAt(steps, endMs);
    if (current !== step) {
      // The step's first look holds requests of the step before: what is counted begins after it.
      step = current;
      before = busiest;
    }
    const canary = busiest.canary - before.canary;
    const stable = busiest.stable - before.stable;
    const configured = steps[current];
    if (canary + stable <= 0) return {};
    if (configured === undefined) return { observedShare: canary / (canary + stable) };
    const { observed, mismatch } = checkShare(canary, stable, configured.weight / 100);
    return { observedShare: observed, shareMismatch: mismatch };
  };
}

function totals({ canary, stable }: MetricReport): { canary: number; stable: number } {
  return { canary: canary.total, stable: stable.total };
}

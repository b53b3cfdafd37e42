import type { GateConfig } from './analysis/gate.ts';
import type { Inputs } from './inputs.ts';

/** What the gate's core needs of the inputs, but the start, which a run finds out. */
export function gateConfig(inputs: Inputs): Omit<GateConfig, 'sinceMs'> {
  const { metrics, arms, intervalMs, alpha, promoteAlpha, minDurationMs, maxDurationMs, weights } = inputs;
  return {
    metrics,
    arms,
    intervalMs,
    alpha,
    promoteAlpha,
    minDurationMs,
    maxDurationMs,
    plannedSteps: weights.length,
  };
}

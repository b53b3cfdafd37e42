/**
 * When a regression may have begun: the prior over start times of the evidence. All mass is either on the
 * beginning or moves in step by step; what has not started yet counts as evidence 1.
 */
export interface StartTimes {
  /** Mass on the beginning of the test, 0 < first ≤ 1. 1: no late starts. */
  readonly first: number;
  /** Seconds after which half of the remaining mass has started. */
  readonly halfLifeSeconds: number;
  /** Part of the remaining mass that starts with each traffic step, 0 … 1. */
  readonly perStep: number;
}

export const LATE_STARTS: StartTimes = { first: 0.8, halfLifeSeconds: 1800, perStep: 0.2 };
export const NO_LATE_STARTS: StartTimes = { first: 1, halfLifeSeconds: 1800, perStep: 0 };

/**
 * The part of the remaining mass that starts between `from` and `to` (seconds since the test began). The remaining
 * mass is h/(h + t), heavy-tailed: a start after t seconds costs about 2 ln t nats, at any t.
 */
export function startingPart(starts: StartTimes, from: number, to: number): number {
  return to <= from ? 0 : (to - from) / (starts.halfLifeSeconds + to);
}

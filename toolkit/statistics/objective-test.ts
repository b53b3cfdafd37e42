import type { Evidence } from './count-test.ts';
import { logBeta } from './gamma.ts';
import { betaTails } from './incomplete-beta.ts';

export interface ObjectiveTestOptions {
  /** `fail`: evidence that the event rate is above `max`; `pass`: that it is below. */
  readonly side: 'fail' | 'pass';
  /** The objective p_max: events per request, 0 < max < 1. */
  readonly max: number;
}

export interface ObjectiveLook {
  readonly events: number;
  readonly total: number;
  /** Dispersion ≥ 1 known before this look (default 1). */
  readonly phi?: number;
}

export interface ObjectiveTest {
  /** Folds the canary's counts of one interval in. */
  update(look: ObjectiveLook): Evidence;
}

/**
 * ln E of x events among n requests against the rate p0: the likelihood ratio averaged over one side of p0 with
 * the prior Beta(k p0, k(1 − p0)) cut off at p0. Counts may be fractional (tempered by the dispersion).
 * Source: the conjugate mixture of Robbins (1970) with a one-sided prior; as in Howard et al. (2021), Prop. 7.
 */
export function betaMixtureLogE(
  side: 'fail' | 'pass',
  events: number,
  total: number,
  p0: number,
  priorWeight: number = defaultPriorWeight(p0),
): number {
  if (total === 0) return 0;
  const a = priorWeight * p0;
  const b = priorWeight * (1 - p0);
  const prior = betaTails(a, b, p0);
  const posterior = betaTails(a + events, b + total - events, p0);
  const logTail = side === 'fail' ? posterior.logUpper - prior.logUpper : posterior.logLower - prior.logLower;
  const logRatio = logBeta(a + events, b + total - events) - logBeta(a, b);
  return logRatio + logTail - events * Math.log(p0) - (total - events) * Math.log1p(-p0);
}

/** 20 requests' worth of prior, and for rare events enough of them to expect one event. */
export function defaultPriorWeight(p0: number): number {
  return Math.max(20, 1 / p0);
}

/** The e-process for an absolute objective, a fold over looks with two numbers of state. */
export function objectiveTest({ side, max }: ObjectiveTestOptions): ObjectiveTest {
  let events = 0;
  let total = 0;
  let peakLogE = 0;
  return {
    update(look) {
      const phi = Math.max(1, look.phi ?? 1);
      events += look.events / phi;
      total += look.total / phi;
      const logE = betaMixtureLogE(side, events, total, max);
      peakLogE = Math.max(peakLogE, logE);
      return { logE, peakLogE };
    },
  };
}

/** The number of error-free requests that show p < `max` at level `alpha` (82 / 417 / 4,188 for 5 / 1 / 0.1 %). */
export function errorFreeRequests(max: number, alpha: number): number {
  const enough = (n: number): boolean => betaMixtureLogE('pass', 0, n, max) >= -Math.log(alpha);
  let high = 1;
  while (!enough(high)) high *= 2;
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

import { isUninformative, logNormaliser } from './hypergeometric.ts';

/** Events among requests (or events during an exposure) of one arm in one interval. */
export interface ArmCounts {
  /** Errors, slow requests, restarts …: an integer ≥ 0. */
  readonly events: number;
  /** `bernoulli`: requests, an integer ≥ events. `poisson`: exposure, any number ≥ 0 (pod-seconds, requests). */
  readonly total: number;
}

/**
 * How the events arise: `bernoulli`: at most one per request (errors, slow requests): exact conditional test;
 * `poisson`: any number per unit of exposure (restarts per pod-second, log lines per request).
 */
export type EventModel = 'bernoulli' | 'poisson';

/** ln LR(d) = ln P(x | T; d)/P(x | T; d0) of one interval, for each d of a grid. */
export type LogFactor = (
  canary: ArmCounts,
  stable: ArmCounts,
  d0: number,
  grid: readonly number[],
) => number[];

/**
 * The exact factor: Fisher's noncentral hypergeometric likelihood ratio, given both arms' requests and the sum of
 * their events. Its mean under d0 is 1, whatever the base rate is and however it moves from look to look.
 */
export const exactLogFactor: LogFactor = (canary, stable, d0, grid) => {
  const margins = { canary: canary.total, stable: stable.total, events: canary.events + stable.events };
  if (isUninformative(margins)) return grid.map(() => 0);
  const logNull = logNormaliser(margins, d0);
  return grid.map((d) => (d - d0) * canary.events + logNull - logNormaliser(margins, d));
};

/**
 * The binomial factor: each of T events falls to the canary with chance ρe^d/(ρe^d + 1 − ρ), ρ = its share of the
 * exposure. Exact for Poisson events (Lindon & Malek 2022, arXiv 2011.03567). For Bernoulli events it is valid
 * to fail only (Hoeffding 1963: hypergeometric ≤ binomial in convex order); to promote it is anti-conservative.
 */
export const binomialLogFactor: LogFactor = (canary, stable, d0, grid) => {
  const events = canary.events + stable.events;
  const exposure = canary.total + stable.total;
  if (events === 0 || canary.total === 0 || stable.total === 0) return grid.map(() => 0);
  const share = canary.total / exposure;
  const logNull = Math.log1p(share * Math.expm1(d0));
  return grid.map((d) => (d - d0) * canary.events + events * (logNull - Math.log1p(share * Math.expm1(d))));
};

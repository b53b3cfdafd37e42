import { logStudentCdf } from './incomplete-beta.ts';

export interface TMixtureOptions {
  /** The estimate over its standard error. */
  readonly t: number;
  /** Degrees of freedom ν of the standard error, ≥ 1. */
  readonly freedom: number;
  /** Information n: the number of observations for a mean. */
  readonly information: number;
  /** Prior information g: the effect (in standard deviations) is normal with variance 1/g; default 1. */
  readonly prior?: number;
}

/**
 * ln E against "the effect is 0" for a normal effect of either sign:
 * ½ ln r + ½(ν + 1)[ln(1 + t²/ν) − ln(1 + r t²/ν)], r = g/(g + n).
 * Source: Lai (1976); Wang & Ramdas, "Anytime-valid t-tests and confidence sequences for Gaussian means with
 * unknown variance" (2024).
 */
export function twoSidedTMixture({ t, freedom, information, prior = 1 }: TMixtureOptions): number {
  const r = prior / (prior + information);
  const square = (t * t) / freedom;
  return 0.5 * Math.log(r) + 0.5 * (freedom + 1) * (Math.log1p(square) - Math.log1p(r * square));
}

/**
 * ln E against "the effect is at most 0": the prior's positive half, i.e. the two-sided value plus
 * ln 2 + ln P(effect > 0 | data), the posterior being Student's t with ν + 1 degrees of freedom. It grows with t,
 * and t with any constant added to the data, so effects below 0 make it smaller on every path.
 */
export function oneSidedTMixture(options: TMixtureOptions): number {
  const { t, freedom, information, prior = 1 } = options;
  const r = prior / (prior + information);
  const location = t * Math.sqrt(((1 - r) * (freedom + 1)) / (freedom + r * t * t));
  return twoSidedTMixture(options) + Math.LN2 + logStudentCdf(location, freedom + 1);
}

/**
 * The |t| at which the two-sided mixture reaches 1/α: estimate ± |t|·(standard error) is a confidence sequence.
 * Infinity while the data cannot reach it.
 */
export function tMixtureRadius(options: {
  readonly freedom: number;
  readonly information: number;
  readonly alpha: number;
  readonly prior?: number;
}): number {
  const { freedom, information, alpha, prior = 1 } = options;
  const r = prior / (prior + information);
  const growth = Math.exp((2 * (-Math.log(alpha) - 0.5 * Math.log(r))) / (freedom + 1));
  return r * growth >= 1 ? Infinity : Math.sqrt((freedom * (growth - 1)) / (1 - r * growth));
}

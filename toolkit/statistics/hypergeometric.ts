import { logBinomial } from './binomial.ts';

/** Two arms in one interval, with the number of events of both together: what the exact test conditions on. */
export interface Margins {
  /** Requests of the canary, an integer ≥ 0. */
  readonly canary: number;
  /** Requests of stable, an integer ≥ 0. */
  readonly stable: number;
  /** Events of both arms, an integer in 0 … canary + stable. */
  readonly events: number;
}

/** Above this conditional variance the sum is replaced by its expansion (relative error < 10⁻⁹, see below). */
const SUM_UP_TO_VARIANCE = 400;

/** True when the events can be divided between the arms in one way only, so that they carry no evidence. */
export function isUninformative({ canary, stable, events }: Margins): boolean {
  return canary === 0 || stable === 0 || events === 0 || events === canary + stable;
}

/**
 * ln Z(d), Z(d) = Σ_k C(canary, k) C(stable, events − k) e^{dk}: the normaliser of Fisher's noncentral
 * hypergeometric distribution with log odds ratio `d`. The margins must not be uninformative.
 *
 * Both arms are tilted to the binomials whose sum has mean `events`; then ln Z is the probability that they sum
 * to `events` (of the order 1/σ) plus closed terms, and no large numbers cancel. At most about 400 terms are
 * summed, from the mode outwards; for larger variances the third-order saddlepoint expansion is used.
 */
export function logNormaliser(margins: Margins, d: number): number {
  const { canary, stable, events } = margins;
  const ratio = Math.exp(d);
  const odds = stableOdds(margins, ratio);
  const canaryOdds = ratio * odds;
  const logTilt = canary * Math.log1p(canaryOdds) + stable * Math.log1p(odds) - events * Math.log(odds);
  const varianceCanary = (canary * canaryOdds) / (1 + canaryOdds) ** 2;
  const varianceStable = (stable * odds) / (1 + odds) ** 2;
  const conditional = (varianceCanary * varianceStable) / (varianceCanary + varianceStable);
  return conditional > SUM_UP_TO_VARIANCE
    ? logTilt + logSaddlepoint(canary, canaryOdds, stable, odds)
    : logTilt + logConvolution(margins, canaryOdds, odds);
}

/** The odds of stable at which both arms together expect exactly the events seen (a root of a quadratic). */
function stableOdds({ canary, stable, events }: Margins, ratio: number): number {
  const a = ratio * (canary + stable - events);
  const b = canary * ratio + stable - events * (1 + ratio);
  const root = Math.sqrt(b * b + 4 * a * events);
  return b >= 0 ? (2 * events) / (b + root) : (root - b) / (2 * a);
}

/** ln P(X + Y = events) by summation over X from its conditional mode, until terms fall below 10⁻¹⁷ of the sum. */
function logConvolution({ canary, stable, events }: Margins, canaryOdds: number, odds: number): number {
  const lowest = Math.max(0, events - stable);
  const highest = Math.min(canary, events);
  const mean = (canary * canaryOdds) / (1 + canaryOdds);
  const mode = Math.min(highest, Math.max(lowest, Math.round(mean)));
  const ratio = canaryOdds / odds;
  let sum = 1;
  let term = 1;
  for (let k = mode; k < highest; k += 1) {
    term *= ((ratio * (canary - k)) / (k + 1)) * ((events - k) / (stable - events + k + 1));
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  term = 1;
  for (let k = mode; k > lowest; k -= 1) {
    term *= (k / (ratio * (canary - k + 1))) * ((stable - events + k) / (events - k + 1));
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return logBinomial(mode, canary, canaryOdds) + logBinomial(events - mode, stable, odds) + Math.log(sum);
}

/**
 * ln P(X + Y = E[X + Y]) for two binomials by the saddlepoint expansion with two correction terms.
 * The cumulants of Bernoulli variables are bounded by multiples of their variance, so the relative error is
 * O(σ⁻⁶) uniformly; at the variances where it is used (σ² ≥ 1,600) it is below 10⁻⁹.
 * Source: H. E. Daniels, "Saddlepoint approximations in statistics" (1954), expansion carried one order further.
 */
function logSaddlepoint(canary: number, canaryOdds: number, stable: number, odds: number): number {
  const x = bernoulliCumulants(canaryOdds);
  const y = bernoulliCumulants(odds);
  const sum = (index: 0 | 1 | 2 | 3 | 4): number => canary * x[index] + stable * y[index];
  const variance = sum(0);
  const [k3, k4, k5, k6] = [sum(1), sum(2), sum(3), sum(4)];
  const first = k4 / (8 * variance ** 2) - (5 * k3 ** 2) / (24 * variance ** 3);
  const second =
    -k6 / (48 * variance ** 3) +
    (35 * k4 ** 2) / (384 * variance ** 4) +
    (7 * k3 * k5) / (48 * variance ** 4) -
    (35 * k3 ** 2 * k4) / (64 * variance ** 5) +
    (385 * k3 ** 4) / (1152 * variance ** 6);
  return Math.log1p(first + second) - 0.5 * Math.log(2 * Math.PI * variance);
}

/** Cumulants 2 to 6 of a Bernoulli variable with the given odds. */
function bernoulliCumulants(odds: number): readonly [number, number, number, number, number] {
  const variance = odds / (1 + odds) ** 2;
  const skew = (1 - odds) / (1 + odds);
  return [
    variance,
    variance * skew,
    variance * (1 - 6 * variance),
    variance * skew * (1 - 12 * variance),
    variance * (1 - 30 * variance + 120 * variance * variance),
  ];
}

import { logBeta } from './gamma.ts';
import { betaTails } from './incomplete-beta.ts';
import { logNormalCdf } from './normal.ts';

/** A mixture boundary tuned to be tightest at intrinsic time `timeOptimum` for error `alphaOptimum`. */
export interface Tuning {
  readonly timeOptimum: number;
  readonly alphaOptimum: number;
  readonly sides: 'one' | 'two';
}

/**
 * The prior precision ρ that makes the normal mixture tightest at the tuned time, in its usual closed approximation.
 * Source: Howard, Ramdas, McAuliffe & Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences"
 * (2021), section 3.5; their confseq library computes the same.
 */
export function bestPrecision({ timeOptimum, alphaOptimum, sides }: Tuning): number {
  const logLevel = -Math.log(sides === 'two' ? alphaOptimum : 2 * alphaOptimum);
  return timeOptimum / (2 * logLevel + Math.log1p(2 * logLevel));
}

/** ln of the normal mixture supermartingale at deviation `s` and intrinsic time `v`. Source: as above, (14) and (15). */
export function normalMixtureLogE(s: number, v: number, tuning: Tuning): number {
  const rho = bestPrecision(tuning);
  const core = 0.5 * Math.log(rho / (v + rho)) + (s * s) / (2 * (v + rho));
  return tuning.sides === 'two' ? core : core + Math.LN2 + logNormalCdf(s / Math.sqrt(v + rho));
}

/** The deviation that the sum stays below at all times with probability 1 − α, at intrinsic time `v`. */
export function normalMixtureBound(v: number, alpha: number, tuning: Tuning): number {
  return solveIncreasing((s) => normalMixtureLogE(s, v, tuning) + Math.log(alpha), v, Infinity);
}

export interface BetaBinomialTuning extends Tuning {
  /** Steps of the sum lie in [−g, h]: g = p and h = 1 − p for a Bernoulli variable about its mean p. */
  readonly g: number;
  readonly h: number;
}

/** ln of the beta-binomial mixture supermartingale at `s`, `v` (v = g h n after n steps). Source: as above, Prop. 7. */
export function betaBinomialLogE(s: number, v: number, tuning: BetaBinomialTuning): number {
  const { g, h, sides } = tuning;
  const r = Math.max(bestPrecision(tuning) - g * h, 1e-3 * g * h);
  const width = g + h;
  const cut = sides === 'one' ? h / width : 1;
  const x = (r + v - g * s) / (g * width);
  const y = (r + v + h * s) / (h * width);
  const incomplete = (a: number, b: number): number => logBeta(a, b) + betaTails(a, b, cut).logLower;
  return (
    (v / (g * h)) * Math.log(width) -
    ((v + h * s) / (h * width)) * Math.log(g) -
    ((v - g * s) / (g * width)) * Math.log(h) +
    incomplete(x, y) -
    incomplete(r / (g * width), r / (h * width))
  );
}

/** The beta-binomial analogue of `normalMixtureBound`; at most v/g, where the sum cannot go further. */
export function betaBinomialBound(v: number, alpha: number, tuning: BetaBinomialTuning): number {
  return solveIncreasing((s) => betaBinomialLogE(s, v, tuning) + Math.log(alpha), v, v / tuning.g);
}

/** The root of an increasing function on (0, limit), by doubling and bisection; `limit` when there is none. */
function solveIncreasing(f: (s: number) => number, start: number, limit: number): number {
  let high = Math.min(start, limit);
  while (f(high) < 0 && high < limit) high = Math.min(2 * high, limit);
  if (f(high) < 0) return limit;
  let low = 0;
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

import type { CountLook } from './count-test.ts';
import { binomialLogFactor, exactLogFactor } from './factor.ts';
import type { EventModel } from './factor.ts';
import { logSum } from './log-space.ts';

export interface RatioInterval {
  /** The odds ratio of canary to stable that fits best (1 without any event). */
  readonly estimate: number;
  /** Bounds that hold at all looks at once with probability 1 − α; 0 and Infinity while nothing is known. */
  readonly low: number;
  readonly high: number;
}

export interface RatioIntervalTest {
  update(look: CountLook): RatioInterval;
}

/** Log odds ratios from −4.6 to 4.6 (ratios 0.01 … 100), 0.03 apart near 0 and wider outside. */
const POINTS: readonly number[] = Array.from(
  { length: 61 },
  (_, index) => 0.25 * Math.sinh(0.12 * (index - 30)),
);

/**
 * A confidence sequence for the odds ratio: the ratios whose own e-process has not reached 1/α.
 * E(ψ) = Σ_g w_g e^{ℓ(d_g) − ℓ(ψ)} with ℓ the (tempered) conditional log likelihood, which is concave: bounds
 * between grid points are taken from its chords, outwards. Source: inversion, Howard et al. (2021), section 3.
 */
export function ratioInterval(alpha: number, model: EventModel = 'bernoulli'): RatioIntervalTest {
  const logFactor = model === 'bernoulli' ? exactLogFactor : binomialLogFactor;
  const likelihood = POINTS.map(() => 0);
  return {
    update(look) {
      const temper = 1 / Math.max(1, look.phi ?? 1);
      for (const [g, factor] of logFactor(look.canary, look.stable, 0, POINTS).entries()) {
        likelihood[g] = (likelihood[g] ?? 0) + factor * temper;
      }
      return invert(likelihood, alpha);
    },
  };
}

function invert(likelihood: readonly number[], alpha: number): RatioInterval {
  const at = (index: number): number => likelihood[index] ?? -Infinity;
  const best = likelihood.reduce((winner, value, index) => (value > at(winner) ? index : winner), 30);
  const floor = logSum(likelihood) - Math.log(likelihood.length) + Math.log(alpha);
  const inside = likelihood.flatMap((value, index) => (value >= floor ? [index] : []));
  const first = inside[0] ?? best;
  const last = inside.at(-1) ?? best;
  return {
    estimate: Math.exp(peak(likelihood, best)),
    low: first === 0 ? 0 : Math.exp(-edge(mirrored(likelihood), POINTS.length - 1 - first, floor)),
    high: last === POINTS.length - 1 ? Infinity : Math.exp(edge(likelihood, last, floor)),
  };
}

/** The largest log ratio beyond point `last` at which the concave likelihood can still be above `floor`. */
function edge(likelihood: readonly number[], last: number, floor: number): number {
  const d = (index: number): number => POINTS[index] ?? 0;
  const at = (index: number): number => likelihood[index] ?? 0;
  const slope = (index: number): number => (at(index + 1) - at(index)) / (d(index + 1) - d(index));
  let bound = d(last + 1);
  if (last > 0 && at(last) >= floor && slope(last - 1) < 0) {
    bound = Math.min(bound, d(last) + (floor - at(last)) / slope(last - 1));
  }
  if (last + 2 < POINTS.length) {
    bound = Math.min(bound, d(last + 1) + (floor - at(last + 1)) / slope(last + 1));
  }
  return Math.max(bound, d(last));
}

function mirrored(likelihood: readonly number[]): number[] {
  return likelihood.toReversed();
}

/** The top of the parabola through the best point and its neighbours. */
function peak(likelihood: readonly number[], best: number): number {
  const [x0, x1, x2] = [POINTS[best - 1], POINTS[best] ?? 0, POINTS[best + 1]];
  const [y0, y1, y2] = [likelihood[best - 1], likelihood[best], likelihood[best + 1]];
  if (x0 === undefined || x2 === undefined || y0 === undefined || y1 === undefined || y2 === undefined)
    return x1;
  const left = (y1 - y0) / (x1 - x0);
  const right = (y2 - y1) / (x2 - x1);
  if (left === right) return x1;
  const top = (x0 + x1) / 2 + (left / (left - right)) * ((x2 - x0) / 2);
  return Math.min(x2, Math.max(x0, top));
}

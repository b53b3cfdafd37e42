import { gaugeBlocks } from './gauge-blocks.ts';
import type { GaugeLook } from './gauge-blocks.ts';
import { fitLine } from './line-fit.ts';
import type { LineFit } from './line-fit.ts';
import type { PodSpread } from './pod-spread.ts';
import { studentQuantile } from './student-quantile.ts';
import { oneSidedTMixture, tMixtureRadius } from './t-mixture.ts';

export type { GaugeLook } from './gauge-blocks.ts';

export interface GaugeTestOptions {
  /** `level`: the canary's mean is above stable's times `margin`; `leak`: it grows faster than stable's. */
  readonly test: 'level' | 'leak';
  readonly alpha: number;
  /** `level` only: ratio of the means that is still fine, default 1.25. */
  readonly margin?: number;
  /** The value that must not be reached (bytes, connections …), for the projection. */
  readonly limit?: number;
  /** Length of a block in seconds, default 300 (at least two GC cycles). */
  readonly blockSeconds?: number;
  /** Seconds dropped at the beginning (start-up growth), default 600. */
  readonly dropSeconds?: number;
}

export interface GaugeEvidence {
  readonly logE: number;
  readonly peakLogE: number;
  /** Whole blocks behind the evidence. */
  readonly blocks: number;
  /** Seconds per block now: doubled while the residuals of neighbouring blocks correlate above 0.3. */
  readonly blockSeconds: number;
  /** The canary's own growth in units per second, with the lower end of its interval; undefined before 3 blocks. */
  readonly slope?: { readonly estimate: number; readonly low: number };
  /** Seconds until the canary reaches `limit` at the slope's lower end; Infinity when it may not grow at all. */
  readonly secondsToLimit?: number;
}

export interface GaugeTest {
  /** Folds in the readings of one look. Readings must come in the order of time. */
  update(look: GaugeLook): GaugeEvidence;
}

/** A gauge may wander with a memory of this long without any leak: caches, pools, the day's traffic. */
const MEMORY_SECONDS = 1200;

const DEFAULT_MARGIN = 1.25;

/** Growth slower than this over the whole watch is rounding, not a leak: relative to the canary's level. */
const NEGLIGIBLE = 1e-9;

/**
 * Level or growth of a gauge on the canary against stable: differences of the arms' block means, so that what both
 * share (load, time of day) cancels, and a one-sided t-mixture on them. A leak needs about 40 minutes: the start-up
 * is dropped and six blocks are the least that carry the evidence.
 */
export function gaugeTest(options: GaugeTestOptions): GaugeTest {
  const blocks = gaugeBlocks(options.blockSeconds ?? 300, options.dropSeconds ?? 600);
  let evidence: GaugeEvidence = {
    logE: 0,
    peakLogE: 0,
    blocks: 0,
    blockSeconds: options.blockSeconds ?? 300,
  };
  return {
    update(look) {
      if (!blocks.add(look)) return evidence;
      let difference = fitDifference(blocks, options);
      while (difference !== undefined && difference.lag1 > 0.3 && difference.count >= 8) {
        blocks.double();
        difference = fitDifference(blocks, options);
      }
      const logE =
        difference === undefined ? 0 : logEvidence(difference, options, blocks.seconds(), blocks.spread());
      evidence = {
        logE,
        peakLogE: Math.max(evidence.peakLogE, logE),
        blocks: blocks.times().length,
        blockSeconds: blocks.seconds(),
        ...projection(fitLine(blocks.times(), blocks.canary()), options, blocks.seconds()),
      };
      return evidence;
    },
  };
}

/** Level: ln(canary/stable) − ln(margin). Leak: canary − stable, in the gauge's unit. */
function fitDifference(
  blocks: ReturnType<typeof gaugeBlocks>,
  options: GaugeTestOptions,
): LineFit | undefined {
  const canary = blocks.canary();
  const stable = blocks.stable();
  const logMargin = Math.log(options.margin ?? DEFAULT_MARGIN);
  const differences = canary.map((value, index) => {
    const other = stable[index] ?? value;
    if (options.test === 'leak') return value - other;
    return value > 0 && other > 0 ? Math.log(value / other) - logMargin : 0;
  });
  return fitLine(blocks.times(), differences);
}

/** The prior effect is one standard deviation of a block: of its mean for the level, per block for the slope. */
function logEvidence(
  fit: LineFit,
  { test, alpha, margin = DEFAULT_MARGIN }: GaugeTestOptions,
  blockSeconds: number,
  spread: PodSpread,
): number {
  const error = test === 'level' ? fit.deviation / Math.sqrt(fit.count) : fit.slopeError;
  const wide = error * inflation(fit, blockSeconds);
  const effect =
    test === 'level' ? fit.mean - Math.max(0, alike(spread, wide, alpha) - Math.log(margin)) : fit.slope;
  const freedom = test === 'level' ? fit.count - 1 : fit.count - 2;
  if (error === 0 && effect === 0) return 0;
  const information = test === 'level' ? fit.count : fit.spread / blockSeconds ** 2;
  const t = error === 0 ? Math.sign(effect) * 1e8 : effect / wide;
  return oneSidedTMixture({ t, freedom, information });
}

/**
 * How far apart the levels of two arms of one version may be, but with a chance of `alpha`, because their pods differ for
 * good: Student's quantile with the pods as units, of what they differ by in excess of how blocks scatter. More blocks
 * tell nothing about it, so it takes the margin's place where it is wider: the margin is there for such differences. 0
 * with a single pod in each arm: then nothing can tell.
 */
function alike({ error, freedom }: PodSpread, blockError: number, alpha: number): number {
  const excess = error ** 2 - blockError ** 2;
  return freedom === 0 || excess <= 0 ? 0 : studentQuantile(alpha, freedom) * Math.sqrt(excess);
}

/**
 * How much larger the standard error is for neighbours that resemble each other: √((1 + ρ)/(1 − ρ)) for a
 * first-order autoregression. Residuals of a short line show too little of ρ, by about (2 + 4ρ)/n, which is put back,
 * and ρ is taken at the upper end of its 90 % interval, because what is not known of it must not become evidence.
 * The residuals of an hour cannot show a memory that is as long as a third of it: so much is taken for granted.
 */
function inflation({ lag1, count }: LineFit, blockSeconds: number): number {
  const unbiased = (lag1 + 2 / count) / Math.max(0.2, 1 - 4 / count);
  const memory = Math.exp(-blockSeconds / MEMORY_SECONDS);
  const correlation = Math.min(0.97, Math.max(memory, unbiased + 1.645 / Math.sqrt(count)));
  return Math.sqrt((1 + correlation) / (1 - correlation));
}

function projection(
  fit: LineFit | undefined,
  { alpha, limit }: GaugeTestOptions,
  blockSeconds: number,
): Pick<GaugeEvidence, 'slope' | 'secondsToLimit'> {
  if (fit === undefined) return {};
  const information = fit.spread / blockSeconds ** 2;
  const radius = tMixtureRadius({ freedom: fit.count - 2, information, alpha: 2 * alpha });
  const low = fit.slopeError === 0 ? fit.slope : fit.slope - radius * fit.slopeError;
  const slope = { estimate: fit.slope, low };
  if (limit === undefined) return { slope };
  if (fit.last >= limit) return { slope, secondsToLimit: 0 };
  return {
    slope,
    secondsToLimit: low > NEGLIGIBLE * Math.abs(fit.mean) ? (limit - fit.last) / low : Infinity,
  };
}

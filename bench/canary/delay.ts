import { countTest } from '../../toolkit/statistics/count-test.ts';
import type { ArmCounts } from '../../toolkit/statistics/factor.ts';
import { isUninformative, logNormaliser } from '../../toolkit/statistics/hypergeometric.ts';
import type { Margins } from '../../toolkit/statistics/hypergeometric.ts';
import { expectedEvents } from '../../toolkit/statistics/sample-size.ts';
import { quantile } from './measures.ts';
import { binomial, poisson, seeded } from './random.ts';
import type { Random } from './random.ts';

export interface DelayCell {
  readonly rps: number;
  readonly share: number;
  readonly baseRate: number;
  /** True odds ratio of the canary. */
  readonly ratio: number;
}

export interface DelayResult {
  /** Runs that decided within six bounds and 50 looks. */
  readonly decided: number;
  /** ln(1/α) over the mean evidence per look of the test that knows the ratio, in looks. */
  readonly boundLooks: number;
  readonly medianLooks: number;
}

const ALPHA = 0.01;
const LOOKS_PER_BOUND = 40;
/** With fewer requests than this in a look, what the exact test conditions on would be a good part of them. */
const FEWEST_REQUESTS = 10;

/** Looks so short that it is the test that is measured, not the clock: about 40 to a bound. */
export function fineLookSeconds(cell: DelayCell): number {
  return Math.max(roughBound(cell) / LOOKS_PER_BOUND, FEWEST_REQUESTS / cell.rps);
}

/** How long the test takes against Wald's bound for a regression that is there from the start, without margin. */
export function measureDelay(cell: DelayCell, lookSeconds: number, runs: number, seed: number): DelayResult {
  const random = seeded(
    seed,
    cell.rps,
    cell.share * 1e4,
    cell.baseRate * 1e6,
    cell.ratio * 100,
    lookSeconds * 1e3,
  );
  const boundLooks = boundIn(cell, lookSeconds, Math.log(cell.ratio), random);
  const limit = Math.ceil(6 * boundLooks + 50);
  const delays = Array.from({ length: runs }, () => delayOfOne(cell, lookSeconds, limit, random));
  return {
    decided: delays.filter((looks) => looks !== Infinity).length,
    boundLooks,
    medianLooks: quantile(delays, 0.5),
  };
}

function delayOfOne(cell: DelayCell, lookSeconds: number, limit: number, random: Random): number {
  const test = countTest({ side: 'fail', margin: 1 });
  for (let look = 1; look <= limit; look += 1) {
    const counts = draw(cell, lookSeconds, random);
    const { logE } = test.update({ ...counts, seconds: (look - 1) * lookSeconds });
    if (logE >= -Math.log(ALPHA)) return look;
  }
  return Infinity;
}

/** Wald's bound in looks: the mean evidence per look of the test that knows the ratio, averaged over 2,000 looks. */
function boundIn(cell: DelayCell, lookSeconds: number, d: number, random: Random): number {
  const looks = 2000;
  let evidence = 0;
  for (let look = 0; look < looks; look += 1) {
    const { canary, stable } = draw(cell, lookSeconds, random);
    evidence += meanEvidence(
      {
        canary: canary.total,
        stable: stable.total,
        events: canary.events + stable.events,
      },
      d,
    );
  }
  return (-Math.log(ALPHA) * looks) / evidence;
}

/** The oracle's log factor averaged over how the events may fall to the arms: d E[x] − ln Z(d) + ln Z(0). */
function meanEvidence(margins: Margins, d: number): number {
  if (isUninformative(margins)) return 0;
  const step = 1e-4;
  const mean = (logNormaliser(margins, d + step) - logNormaliser(margins, d - step)) / (2 * step);
  return d * mean - logNormaliser(margins, d) + logNormaliser(margins, 0);
}

/** The same bound in seconds as if events were rare, which is near enough to choose how often to look. */
function roughBound({ rps, share, baseRate, ratio }: DelayCell): number {
  const perSecond = rps * baseRate * (1 - share + share * ratio);
  return expectedEvents({ share, ratio, margin: 1, alpha: ALPHA }) / perSecond;
}

function draw(cell: DelayCell, seconds: number, random: Random): { canary: ArmCounts; stable: ArmCounts } {
  const requests = cell.rps * seconds;
  const canary = poisson(random, requests * cell.share);
  const stable = poisson(random, requests * (1 - cell.share));
  const odds = (cell.ratio * cell.baseRate) / (1 - cell.baseRate);
  return {
    canary: { events: binomial(random, canary, odds / (1 + odds)), total: canary },
    stable: { events: binomial(random, stable, cell.baseRate), total: stable },
  };
}

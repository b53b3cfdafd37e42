import { binomialLogFactor, exactLogFactor } from './factor.ts';
import type { ArmCounts, EventModel, LogFactor } from './factor.ts';
import { failGrid, promoteGrid } from './grid.ts';
import type { Grid } from './grid.ts';
import { logAdd, logSum } from './log-space.ts';
import { LATE_STARTS, NO_LATE_STARTS, startingPart } from './start-times.ts';
import type { StartTimes } from './start-times.ts';

export interface CountTestOptions {
  /** `fail`: evidence that the ratio is above the margin. `promote`: evidence that it is below. */
  readonly side: 'fail' | 'promote';
  /** The null's edge as a ratio e^{d0}, e.g. 1.25 to fail, 2 to promote. */
  readonly margin: number;
  /** Default `bernoulli`. */
  readonly model?: EventModel;
  /** Default: `failGrid` or `promoteGrid` of the margin. */
  readonly grid?: Grid;
  /** Default: late starts when failing, none when promoting. */
  readonly starts?: StartTimes;
}

/** What both arms received and lost since the look before. */
export interface CountLook {
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
  /** Dispersion ≥ 1, known before this look (default 1): log factors are divided by it. */
  readonly phi?: number;
  /** Seconds from the beginning of the test to the beginning of this interval; needed for late starts. */
  readonly seconds?: number;
  /** Length of the interval; default 30. Where pods burst, a shorter one may bring less evidence. */
  readonly lengthSeconds?: number;
  /** True for the first look of a traffic step. */
  readonly stepStart?: boolean;
}

export interface Evidence {
  /** ln E now; crossing ln(1/α) at any look decides (Ville). 0 until there is an informative event. */
  readonly logE: number;
  /** The largest ln E of all looks so far, at least 0. */
  readonly peakLogE: number;
}

export interface CountTest {
  /** Folds one interval in; the same looks always give the same evidence. Throws RangeError on impossible counts. */
  update(look: CountLook): Evidence;
}

/**
 * The e-process for "the canary's event ratio is beyond the margin": a mixture over effect sizes and start times
 * of products of conditional likelihood ratios. One number per grid point is kept, however many looks and starts:
 * M_g ← (M_g + starting mass) · LR_g^{1/φ}, E = Σ w_g M_g + mass not started.
 * Each factor has mean ≤ 1 under the null given the past, so P(sup E ≥ 1/α) ≤ α at any stopping rule.
 */
export function countTest(options: CountTestOptions): CountTest {
  const d0 = Math.log(options.margin);
  const grid = options.grid ?? (options.side === 'fail' ? failGrid(d0) : promoteGrid(d0));
  const starts = options.starts ?? (options.side === 'fail' ? LATE_STARTS : NO_LATE_STARTS);
  const model = options.model ?? 'bernoulli';
  const logFactor: LogFactor = model === 'bernoulli' ? exactLogFactor : binomialLogFactor;
  const logWeights = grid.weights.map(Math.log);
  const logM = grid.points.map(() => -Infinity);
  /** Of what may be added at once, the part that may be added now, 0 to 1. */
  const rooms = grid.points.map(() => 1);
  let pending = starts.first;
  let waiting = 1 - starts.first;
  let started = 0;
  let evidence: Evidence = { logE: 0, peakLogE: 0 };

  const beginStarts = (part: number): void => {
    pending += waiting * part;
    waiting -= waiting * part;
  };

  return {
    update(look) {
      checkCounts(look.canary, model);
      checkCounts(look.stable, model);
      if (look.seconds !== undefined) {
        beginStarts(startingPart(starts, started, look.seconds));
        started = Math.max(started, look.seconds);
      }
      if (look.stepStart === true) beginStarts(starts.perStep);
      const factors = logFactor(look.canary, look.stable, d0, grid.points);
      // Without information every start is as good as the next one, so E stays as it is: exactly 1 at first.
      if (factors.every((factor) => factor === 0)) return evidence;
      const phi = Math.max(1, look.phi ?? 1);
      const most = mostAtOnce(phi);
      const regained = (look.lengthSeconds ?? FULL_SECONDS) / FULL_SECONDS;
      for (const [g, factor] of factors.entries()) {
        const before = logAdd(logM[g] ?? -Infinity, (logWeights[g] ?? -Infinity) + Math.log(pending));
        const room = Math.min(1, (rooms[g] ?? 0) + regained);
        const gain = Math.min(factor / phi, most * room);
        rooms[g] = room - Math.max(0, gain) / most;
        logM[g] = before + gain;
      }
      pending = 0;
      const logE = logAdd(logSum(logM), Math.log(waiting));
      evidence = { logE, peakLogE: Math.max(evidence.peakLogE, logE) };
      return evidence;
    },
  };
}

/** After so long all of what may be added at once may be added again. */
const FULL_SECONDS = 30;

/**
 * The most nats that may be added at once: no bound without dispersion, 2 at φ = 2, towards 1 for large φ. What is
 * used comes back over half a minute. Where pods are known to burst, evidence has to persist over time, because bursts
 * have heavier tails than dividing by φ covers, and more looks at one burst are not more evidence. A factor that is cut
 * from above, by what the past alone decides, keeps its mean at or below 1.
 */
function mostAtOnce(phi: number): number {
  return phi === 1 ? Infinity : phi / (phi - 1);
}

function checkCounts({ events, total }: ArmCounts, model: EventModel): void {
  const possible =
    Number.isInteger(events) &&
    events >= 0 &&
    total >= 0 &&
    Number.isFinite(total) &&
    (model === 'poisson' || (Number.isInteger(total) && events <= total));
  if (!possible) throw new RangeError(`impossible counts: ${events} events of ${total}`);
}

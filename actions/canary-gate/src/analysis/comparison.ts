import { countTest } from '../../../../toolkit/statistics/count-test.ts';
import { dispersion, phiBetween } from '../../../../toolkit/statistics/dispersion.ts';
import type { EventModel } from '../../../../toolkit/statistics/factor.ts';
import { placebo } from '../../../../toolkit/statistics/placebo.ts';
import { ratioInterval } from '../../../../toolkit/statistics/ratio-interval.ts';
import { moreNeeded } from '../../../../toolkit/statistics/sample-size.ts';
import { armAligner, type Gaps } from './align-arms.ts';
import { add, sumOf } from './arm-sums.ts';
import type { PodCounts } from './event-counts.ts';
import type { Look } from './look.ts';
import type { ArmTotals, Interval } from './report.ts';

export interface ComparisonOptions {
  readonly margin: number;
  /** Undefined: no promotion test. */
  readonly promoteMargin: number | undefined;
  readonly alpha: number;
  readonly promoteAlpha: number;
  readonly sinceMs: number;
  readonly model?: EventModel;
  /** How long a single silent pod is waited for, ms; see `armAligner`. */
  readonly patienceMs?: number;
}

export interface ComparisonFindings {
  readonly logE: number;
  readonly logPromote: number | undefined;
  readonly canary: ArmTotals;
  readonly stable: ArmTotals;
  readonly ratio: Interval;
  readonly phi: number;
  readonly placebo: { readonly crossed: number; readonly pods: number };
  readonly needs?: number;
}

export interface Comparison {
  /** Learns the dispersion among stable pods from before the canary. */
  readonly baseline: (pods: readonly PodCounts[]) => void;
  /** `gaps`: whose counts of this look are still to come; none by default. */
  readonly look: (look: Look, pods: readonly PodCounts[], gaps?: Gaps) => ComparisonFindings;
  /** The findings so far, for a look whose counts cannot be used. */
  readonly findings: () => ComparisonFindings;
}

/** Compares the arms' event rates look by look: evidence both ways, the ratio's interval, and checks on the data. */
export function comparison(options: ComparisonOptions): Comparison {
  const { margin, promoteMargin, alpha, promoteAlpha, sinceMs, model = 'bernoulli' } = options;
  const fail = countTest({ side: 'fail', margin, model });
  const promote =
    promoteMargin === undefined ? undefined : countTest({ side: 'promote', margin: promoteMargin, model });
  const interval = ratioInterval(promoteAlpha, model);
  const spread = dispersion();
  const check = placebo({ alpha, margin, model });
  const align = armAligner(options.patienceMs);
  // Events without an upper bound scatter as rare ones among any number of trials do: the unit of exposure is free.
  const trials = (pods: readonly PodCounts[]): readonly PodCounts[] =>
    model === 'bernoulli' ? pods : pods.map((one) => ({ ...one, total: one.total * manyTrials }));
  let stepWaits = false;
  const zero = { events: 0, total: 0 };
  let state: ComparisonFindings = {
    logE: 0,
    logPromote: promote === undefined ? undefined : 0,
    canary: zero,
    stable: zero,
    ratio: { estimate: undefined, lower: 0, upper: Infinity },
    phi: 1,
    placebo: { crossed: 0, pods: 0 },
  };

  return {
    findings: () => state,
    baseline: (pods) => {
      spread.update(trials(pods.filter(({ arm }) => arm === 'stable')));
    },
    look: (look, counted, gaps = noGaps) => {
      const aligned = align(look, counted, gaps);
      stepWaits ||= look.stepStart;
      if (aligned === undefined) return state;
      const { pods, startMs } = aligned;
      const stablePods = pods.filter(({ arm }) => arm === 'stable');
      // φ of the looks before this one: predictable, so the tempered process keeps its guarantee.
      const { phi } = spread.current;
      const arms = { canary: sumOf(pods, 'canary'), stable: sumOf(pods, 'stable') };
      const sizes = [
        { total: arms.canary.total, pods: pods.length - stablePods.length },
        { total: arms.stable.total, pods: stablePods.length },
      ] as const;
      const now = {
        ...arms,
        phi: phiBetween('fail', phi, ...sizes),
        seconds: Math.max(0, (startMs - sinceMs) / 1000),
        lengthSeconds: (look.endMs - startMs) / 1000,
        stepStart: stepWaits,
      };
      stepWaits = false;
      const { logE } = fail.update(now);
      const logPromote = promote?.update({ ...now, phi: phiBetween('promote', phi, ...sizes) }).logE;
      const { estimate, low, high } = interval.update(now);
      const { crossed, pods: placeboPods } = check.update(stablePods, phi, now.lengthSeconds);
      spread.update(trials(stablePods));
      const canary = add(state.canary, now.canary);
      const stable = add(state.stable, now.stable);
      const known = canary.events + stable.events > 0 && canary.total > 0 && stable.total > 0;
      state = {
        logE,
        logPromote,
        canary,
        stable,
        ratio: { estimate: known ? estimate : undefined, lower: low, upper: high },
        phi,
        placebo: { crossed: crossed.length, pods: placeboPods },
        ...needs(logPromote, promoteMargin, promoteAlpha, canary, stable),
      };
      return state;
    },
  };
}

const manyTrials = 1e6;

const noGaps: Gaps = { canary: { silent: [], all: 0 }, stable: { silent: [], all: 0 } };

function needs(
  logE: number | undefined,
  margin: number | undefined,
  alpha: number,
  canary: ArmTotals,
  stable: ArmTotals,
): { needs?: number } {
  if (logE === undefined || margin === undefined) return {};
  const { canaryRequests } = moreNeeded({ logE, alpha, ratio: 1, margin, canary, stable });
  return Number.isFinite(canaryRequests) ? { needs: roughly(canaryRequests) } : {};
}

/** Two significant digits: an estimate should not look like a measurement. */
function roughly(count: number): number {
  return Math.ceil(Number(count.toPrecision(2)));
}

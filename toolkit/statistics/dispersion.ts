import type { ArmCounts } from './factor.ts';

export interface PodCounts extends ArmCounts {
  readonly pod: string;
}

export interface Dispersion {
  /** φ ≥ 1 from the looks folded in so far: use it for the *next* look, so that it is predictable. */
  readonly phi: number;
  /** Degrees of freedom behind it; 0 means that stable has too few pods or events to tell. */
  readonly degrees: number;
}

export interface DispersionEstimate {
  readonly current: Dispersion;
  /** Folds in what each stable pod counted in one interval. */
  update(pods: readonly PodCounts[]): Dispersion;
}

interface Scale {
  counts: Map<string, { events: number; total: number }>;
  looks: number;
  chiSquare: number;
  degrees: number;
}

/** Blocks of 1, 2, 4, … looks: bursts that outlast an interval and pods that are always worse show in the long ones. */
const SCALES = 10;
/** Fewer degrees of freedom than this say nothing. */
const ENOUGH = 10;

/**
 * Overdispersion of the counts among stable pods: Pearson's χ² over its degrees of freedom, per block of looks.
 * χ² uses the hypergeometric variance given the block's sum, so it has mean 1 for any event rate. Longer blocks
 * have few degrees of freedom and count only as far as they exceed their own sampling error.
 * Source: McCullagh & Nelder (1989), section 4.5 (quasi-likelihood scale).
 */
export function dispersion(): DispersionEstimate {
  const scales: Scale[] = Array.from({ length: SCALES }, () => ({
    counts: new Map<string, { events: number; total: number }>(),
    looks: 0,
    chiSquare: 0,
    degrees: 0,
  }));
  let current: Dispersion = { phi: 1, degrees: 0 };
  return {
    get current() {
      return current;
    },
    update(pods) {
      fold(scales, pods);
      const phis = scales.map(({ chiSquare, degrees }, index) => {
        if (degrees < ENOUGH) return 1;
        const error = index === 0 ? 0 : Math.sqrt(2 / degrees);
        return chiSquare / degrees - error;
      });
      current = { phi: Math.max(1, ...phis), degrees: scales[0]?.degrees ?? 0 };
      return current;
    },
  };
}

/** Adds a look to the shortest blocks; a full block is measured and handed to the next longer scale. */
function fold(scales: Scale[], pods: readonly PodCounts[]): void {
  let incoming: Iterable<readonly [string, ArmCounts]> = pods.map((counts) => [counts.pod, counts] as const);
  for (const [index, scale] of scales.entries()) {
    for (const [pod, { events, total }] of incoming) {
      const sum = scale.counts.get(pod);
      if (sum === undefined) scale.counts.set(pod, { events, total });
      else {
        sum.events += events;
        sum.total += total;
      }
    }
    scale.looks += 1;
    if (scale.looks < (index === 0 ? 1 : 2)) return;
    const { chiSquare, degrees } = pearson([...scale.counts.values()]);
    scale.chiSquare += chiSquare;
    scale.degrees += degrees;
    incoming = scale.counts;
    scale.counts = new Map();
    scale.looks = 0;
  }
}

/** Pearson's χ² of equal event rates, with mean `degrees` when they are equal. */
export function pearson(arms: readonly ArmCounts[]): {
  readonly chiSquare: number;
  readonly degrees: number;
} {
  const active = arms.filter(({ total }) => total > 0);
  const events = active.reduce((sum, arm) => sum + arm.events, 0);
  const total = active.reduce((sum, arm) => sum + arm.total, 0);
  if (active.length < 2 || events <= 0 || events >= total) return { chiSquare: 0, degrees: 0 };
  const rate = events / total;
  const scale = (total - 1) / (total * rate * (1 - rate));
  const chiSquare =
    active.reduce((sum, arm) => sum + (arm.events - arm.total * rate) ** 2 / arm.total, 0) * scale;
  return { chiSquare, degrees: active.length - 1 };
}

/** Requests of an arm in an interval and the pods that shared them. */
export interface ArmSize {
  readonly total: number;
  readonly pods: number;
}

/**
 * φ of the comparison from φ among stable's pods. What pods do differently (bursts, a noisy neighbour) multiplies
 * the variance by 1 + m ρ with m the requests *per pod*, so a canary with few large pods scatters more than stable,
 * and one with small pods less. Each arm counts with the other's traffic, as in the variance of a difference.
 * To promote, φ is never taken below stable's own: a small canary that has not burst yet looks better than it is.
 * Source: the design effect of cluster samples (Kish 1965, section 5.4; Donner & Klar 2000 for comparisons).
 */
export function phiBetween(side: 'fail' | 'promote', phi: number, canary: ArmSize, stable: ArmSize): number {
  const total = canary.total + stable.total;
  if (phi <= 1 || canary.total === 0 || stable.total === 0) return Math.max(1, phi);
  const perPod = ({ total: requests, pods }: ArmSize): number => requests / Math.max(1, pods);
  const phiCanary = 1 + ((phi - 1) * perPod(canary)) / perPod(stable);
  const between = (phiCanary * stable.total + phi * canary.total) / total;
  return side === 'fail' ? between : Math.max(phi, between);
}

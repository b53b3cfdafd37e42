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

/** Counts of pods, each at a place of its own in both lists. */
export interface Sums {
  readonly events: number[];
  readonly total: number[];
}

interface Scale {
  sums: Sums;
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
    sums: noSums(),
    looks: 0,
    chiSquare: 0,
    degrees: 0,
  }));
  const places = podPlaces();
  let current: Dispersion = { phi: 1, degrees: 0 };
  return {
    get current() {
      return current;
    },
    update(pods) {
      fold(scales, places(pods));
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

/** Gives each pod a place for good. Looks name the same pods in the same order, which spares the look-ups. */
function podPlaces(): (pods: readonly PodCounts[]) => Sums {
  const known = new Map<string, number>();
  const names: string[] = [];
  return (pods) => {
    const sums = noSums();
    for (const [index, { pod, events, total }] of pods.entries()) {
      let place = names[index] === pod ? index : known.get(pod);
      if (place === undefined) {
        place = names.push(pod) - 1;
        known.set(pod, place);
      }
      while (sums.events.length <= place) {
        sums.events.push(0);
        sums.total.push(0);
      }
      sums.events[place] = (sums.events[place] ?? 0) + events;
      sums.total[place] = (sums.total[place] ?? 0) + total;
    }
    return sums;
  };
}

/** Adds a look to the shortest blocks; a full block is measured and handed to the next longer scale. */
function fold(scales: Scale[], look: Sums): void {
  let incoming = look;
  for (const [index, scale] of scales.entries()) {
    scale.sums = scale.looks === 0 ? incoming : added(scale.sums, incoming);
    scale.looks += 1;
    if (scale.looks < (index === 0 ? 1 : 2)) return;
    const { chiSquare, degrees } = pearson(scale.sums);
    scale.chiSquare += chiSquare;
    scale.degrees += degrees;
    incoming = scale.sums;
    scale.sums = noSums();
    scale.looks = 0;
  }
}

function noSums(): Sums {
  return { events: [], total: [] };
}

/** Adds the shorter of two to the longer one, in place: blocks are passed on, never shared. */
function added(a: Sums, b: Sums): Sums {
  const [sums, more] = a.total.length >= b.total.length ? [a, b] : [b, a];
  for (let place = 0; place < more.total.length; place += 1) {
    sums.events[place] = (sums.events[place] ?? 0) + (more.events[place] ?? 0);
    sums.total[place] = (sums.total[place] ?? 0) + (more.total[place] ?? 0);
  }
  return sums;
}

/** Pearson's χ² of equal event rates, with mean `degrees` when they are equal. Pods without requests do not count. */
export function pearson(pods: Sums): { readonly chiSquare: number; readonly degrees: number } {
  let active = 0;
  let events = 0;
  let total = 0;
  for (let place = 0; place < pods.total.length; place += 1) {
    const requests = pods.total[place] ?? 0;
    if (requests <= 0) continue;
    active += 1;
    events += pods.events[place] ?? 0;
    total += requests;
  }
  if (active < 2 || events <= 0 || events >= total) return { chiSquare: 0, degrees: 0 };
  const rate = events / total;
  let chiSquare = 0;
  for (let place = 0; place < pods.total.length; place += 1) {
    const requests = pods.total[place] ?? 0;
    if (requests > 0) chiSquare += ((pods.events[place] ?? 0) - requests * rate) ** 2 / requests;
  }
  return { chiSquare: (chiSquare * (total - 1)) / (total * rate * (1 - rate)), degrees: active - 1 };
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

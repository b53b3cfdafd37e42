import { seeded } from './random.ts';
import { BEYOND, DISTURBANCES } from './world.ts';
import type { Disturbance } from './world.ts';

/** One cell of the grid: everything a worker needs, and nothing else. */
export interface Task {
  readonly section: 'safety' | 'delay' | 'promotion' | 'late' | 'limits' | 'short';
  readonly rps: number;
  readonly share: number;
  readonly baseRate: number;
  readonly disturbance: Disturbance;
  readonly ratio: number;
  readonly runs: number;
  readonly seed: number;
}

/** What was measured in a cell for one judge. */
export interface Row {
  readonly section: Task['section'];
  readonly rps: number;
  readonly share: number;
  readonly baseRate: number;
  readonly disturbance: Disturbance;
  readonly ratio: number;
  readonly judge: string;
  readonly seed: number;
  readonly runs: number;
  /** Runs in which the judge decided (failed the canary; for `gate-promote` promoted it). */
  readonly hits: number;
  readonly low: number;
  readonly high: number;
  /** Median seconds to the decision; Infinity when most runs saw none. */
  readonly medianSeconds: number;
  /** Requests that the canary had served at the decision, or in the whole watch without one; NaN where not counted. */
  readonly medianExposed: number;
  readonly meanExposed: number;
  /** Wald's bound, or the delay it is compared with; NaN where there is none. */
  readonly referenceSeconds: number;
  readonly lookSeconds: number;
  readonly promise: 'kept' | 'broken' | 'none';
}

const RPS = [2, 20, 200, 2000];
const SHARES = [0.01, 0.05, 0.1, 0.5];
const BASE_RATES = [0.0002, 0.005, 0.05, 0.3];

/** The whole grid: 512 cells with a healthy canary and one twice as bad, then delays, promotion and late onset. */
export function fullGrid(runs: number, seed: number): Task[] {
  return tasks({ rps: RPS, shares: SHARES, baseRates: BASE_RATES, runs, seed });
}

/** The corners of the grid with a tenth of the runs, in under three minutes. */
export function quickGrid(seed: number): Task[] {
  return tasks({ rps: [20, 2000], shares: [0.05, 0.5], baseRates: [0.005, 0.3], runs: 200, seed });
}

function tasks(grid: {
  readonly rps: readonly number[];
  readonly shares: readonly number[];
  readonly baseRates: readonly number[];
  readonly runs: number;
  readonly seed: number;
}): Task[] {
  const { runs, seed } = grid;
  const cells = grid.rps.flatMap((rps) =>
    grid.shares.flatMap((share) => grid.baseRates.map((baseRate) => ({ rps, share, baseRate, runs, seed }))),
  );
  // A delay costs little to measure, so every traffic, share and rate is measured even in the quick run.
  const delays = RPS.flatMap((rps) =>
    SHARES.flatMap((share) => BASE_RATES.map((baseRate) => ({ rps, share, baseRate, runs, seed }))),
  );
  const calm = { disturbance: 'none' as const };
  // A grid that is cut off has the short sections whole and of the long one a sample of all its cells.
  return [
    ...[0.05, 0.1, 0.3].map((baseRate) => ({
      ...{ rps: 80, share: 0.1, baseRate, ratio: 2, runs: 5 * runs, seed },
      ...calm,
      section: 'promotion' as const,
    })),
    ...[0.005, 0.05].flatMap((baseRate) =>
      [0.05, 0.5].map((share) => ({
        // A median of fewer is uncertain by looks, and the promise is told in looks.
        ...{ rps: share === 0.05 ? 200 : 20, share, baseRate, ratio: 4, runs: Math.max(1000, runs), seed },
        ...calm,
        section: 'late' as const,
      })),
    ),
    {
      ...{ rps: 200, share: 0.1, baseRate: 0.05, ratio: 1, runs: Math.max(1000, 5 * runs), seed },
      ...{ section: 'short' as const, disturbance: 'bursts-10' as const },
    },
    ...delays.flatMap((cell) =>
      [1.5, 2, 4].map((ratio) => ({
        ...cell,
        ...calm,
        section: 'delay' as const,
        ratio,
        runs: Math.min(runs, 500),
      })),
    ),
    ...shuffled(
      cells.flatMap((cell) => DISTURBANCES.map((disturbance) => ({ ...cell, disturbance }))),
      seed,
    ).flatMap((cell) => [1, 2].map((ratio) => ({ ...cell, section: 'safety' as const, ratio }))),
    ...BEYOND.flatMap((disturbance) =>
      [20, 2000].map((rps) => ({
        ...{ rps, share: 0.1, baseRate: 0.05, ratio: 1, runs, seed },
        section: 'limits' as const,
        disturbance,
      })),
    ),
  ];
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = seeded(seed);
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

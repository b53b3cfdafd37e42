/** Points of the alternative with their prior weights, which sum to 1. */
export interface Grid {
  /** Log odds ratios d. */
  readonly points: readonly number[];
  readonly weights: readonly number[];
}

/** Points on a side: neighbours differ by a fifth, less than the data can tell apart at the moment of decision. */
const POINTS = 22;

/**
 * Alternatives above the margin `d0` (fails).
 *
 * Weights nearly uniform in ln(d − d0): the evidence needed grows like 1/(d − d0)², so a prior ∝ 1/(d − d0) asks
 * the same price in nats for every effect. It is lowered towards both ends of the grid, where nothing is decided.
 */
export function failGrid(d0: number, points: number = POINTS): Grid {
  return gridOf(
    points,
    (distance) => d0 + distance,
    (distance) => bump(distance, 0.9, 1),
  );
}

/** Alternatives below the margin `d0` > 0 (promotes): most weight near d = 0, a canary that is as good as stable. */
export function promoteGrid(d0: number, points: number = POINTS): Grid {
  return gridOf(
    points,
    (distance) => d0 - distance,
    (distance) => bump(distance, Math.max(0.1, d0), 0.5),
  );
}

function bump(distance: number, centre: number, width: number): number {
  const z = Math.log(distance / centre) / width;
  return Math.exp((-z * z) / 2);
}

function gridOf(
  points: number,
  place: (distance: number) => number,
  weigh: (distance: number) => number,
): Grid {
  const distances = geometric(0.1, 4, points);
  const raw = distances.map(weigh);
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  return { points: distances.map(place), weights: raw.map((weight) => weight / total) };
}

function geometric(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from * (to / from) ** (index / (count - 1)));
}

import type { ArmCounts } from '../../toolkit/statistics/factor.ts';

/** One minute of both arms, as the peers' queries with a one-minute step see it. */
export interface Minute {
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
}

/** A rule of another system: true when it stops the rollout, asked after every whole minute. */
export interface Peer {
  readonly name: string;
  judge(minutes: readonly Minute[]): boolean;
}

/** Fresh peers for one watch; each keeps count of its own failures. */
export function createPeers(): Peer[] {
  return [
    kayenta('kayenta-every-10m', (length) => length % 10 === 0),
    kayenta('kayenta-at-end', (length) => length === 60),
    counting('argo-99%', { every: 5, failures: 4 }, (window) => errorRate(window, 'canary') > 0.01),
    counting(
      'argo-1.5x',
      { every: 5, failures: 4 },
      (window) => errorRate(window, 'canary') > 1.5 * errorRate(window, 'stable'),
    ),
    counting('flagger-99%', { every: 1, failures: 5 }, (window) => errorRate(window, 'canary') > 0.01),
    counting('pipecd', { every: 5, failures: 2 }, deviatesHigh),
  ];
}

/**
 * Threshold rules: every `every` minutes the window since the last check is judged, and the rollout stops with the
 * `failures`-th failure. Argo Rollouts stops when failures exceed failureLimit (3, so the fourth), Flagger when its
 * failed checks reach the threshold (5), PipeCD when failures exceed failureLimit (1, so the second).
 */
function counting(
  name: string,
  { every, failures }: { readonly every: number; readonly failures: number },
  failed: (window: readonly Minute[]) => boolean,
): Peer {
  let count = 0;
  return {
    name,
    judge(minutes) {
      if (minutes.length % every !== 0) return false;
      if (failed(minutes.slice(-every))) count += 1;
      return count >= failures;
    },
  };
}

/**
 * Kayenta's default judge: Mann–Whitney with a 98 % interval of the Hodges–Lehmann shift; "High" when its lower
 * end is above a quarter of the estimate. Source: MannWhitneyClassifier and NetflixACAJudge of spinnaker/kayenta.
 */
function kayenta(name: string, due: (minutes: number) => boolean): Peer {
  return {
    name,
    judge(minutes) {
      if (!due(minutes.length)) return false;
      const shifts = pairwiseShifts(rates(minutes, 'canary'), rates(minutes, 'stable'));
      const n = minutes.length;
      const reach = 2.326_348 * Math.sqrt((n * n * (2 * n + 1)) / 12);
      const lower = smallest(shifts, Math.max(0, Math.floor((n * n) / 2 - reach)));
      const estimate =
        (smallest(shifts, Math.floor((n * n - 1) / 2)) + smallest(shifts, Math.floor((n * n) / 2))) / 2;
      return lower > 0.25 * Math.abs(estimate);
    },
  };
}

/** PipeCD's deviation HIGH: one-sided Mann–Whitney at 5 % on the points of its interval (metrics_analyzer.go). */
function deviatesHigh(window: readonly Minute[]): boolean {
  const canary = rates(window, 'canary');
  const stable = rates(window, 'stable');
  let u = 0;
  for (const x of canary) for (const y of stable) u += x > y ? 1 : x === y ? 0.5 : 0;
  return upperTail(canary.length, u) <= 0.05;
}

/** P(U ≥ u) for two samples of n without ties, by counting arrangements (n ≤ 10). */
function upperTail(n: number, u: number): number {
  const counts = arrangements(n, n);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.slice(Math.ceil(u)).reduce((sum, count) => sum + count, 0) / total;
}

const memo = new Map<string, readonly number[]>();

/** The number of arrangements of m and n values with each U: N(m, n, u) = N(m−1, n, u−n) + N(m, n−1, u). */
function arrangements(m: number, n: number): readonly number[] {
  if (m === 0 || n === 0) return [1];
  const key = `${m} ${n}`;
  const known = memo.get(key);
  if (known !== undefined) return known;
  const fewer = arrangements(m - 1, n);
  const shorter = arrangements(m, n - 1);
  const counts = Array.from({ length: m * n + 1 }, (_, u) => (fewer[u - n] ?? 0) + (shorter[u] ?? 0));
  memo.set(key, counts);
  return counts;
}

function pairwiseShifts(xs: readonly number[], ys: readonly number[]): Float64Array {
  const shifts = new Float64Array(xs.length * ys.length);
  let index = 0;
  for (const x of xs) for (const y of ys) shifts[index++] = x - y;
  return shifts;
}

/** The value that would be at `place` if all were sorted: Hoare's selection, which moves them about. */
function smallest(values: Float64Array, place: number): number {
  let [left, right] = [0, values.length - 1];
  while (left < right) {
    const pivot = values[(left + right) >> 1] ?? 0;
    let [i, j] = [left, right];
    while (i <= j) {
      while ((values[i] ?? 0) < pivot) i += 1;
      while ((values[j] ?? 0) > pivot) j -= 1;
      if (i > j) break;
      const other = values[i] ?? 0;
      values[i++] = values[j] ?? 0;
      values[j--] = other;
    }
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else break;
  }
  return values[place] ?? 0;
}

function rates(minutes: readonly Minute[], arm: keyof Minute): number[] {
  return minutes.map((minute) => errorRate([minute], arm));
}

/** Errors per request; 0 without requests, in the rule's favour. */
function errorRate(window: readonly Minute[], arm: keyof Minute): number {
  let events = 0;
  let total = 0;
  for (const minute of window) {
    events += minute[arm].events;
    total += minute[arm].total;
  }
  return total === 0 ? 0 : events / total;
}

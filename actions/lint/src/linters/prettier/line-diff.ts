/** Lines `from`..`to` (0-based, `to` exclusive) of the old text become `lines`. */
export interface Hunk {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** More different lines than this are reported as one hunk: comparing is quadratic in their number. */
const maxDistance = 1_000;

/**
 * The differing parts of two texts, line by line.
 * Source: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986.
 */
export function diffLines(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const a = before.slice(start, before.length - end);
  const b = after.slice(start, after.length - end);
  if (a.length === 0 && b.length === 0) return [];
  const matches = commonLines(a, b);
  if (matches === undefined) return [{ from: start, to: start + a.length, lines: b }];
  const hunks: Hunk[] = [];
  let [x, y] = [0, 0];
  for (const [matchX, matchY] of [...matches, [a.length, b.length] as const]) {
    if (matchX > x || matchY > y) {
      hunks.push({ from: start + x, to: start + matchX, lines: b.slice(y, matchY) });
    }
    [x, y] = [matchX + 1, matchY + 1];
  }
  return hunks;
}

/** Pairs of equal lines on a shortest edit path, in order; undefined when the texts differ too much. */
function commonLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] | undefined {
  const limit = Math.min(a.length + b.length, maxDistance);
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let distance = 0; distance <= limit; distance += 1) {
    trace.push(furthest);
    furthest = new Map(furthest);
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      let x = stepFrom(furthest, diagonal, distance);
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return undefined;
}

/** Start on a diagonal: down from the one above, or right from the one below, whichever reaches further. */
function stepFrom(furthest: ReadonlyMap<number, number>, diagonal: number, distance: number): number {
  const above = furthest.get(diagonal + 1) ?? -1;
  const below = furthest.get(diagonal - 1) ?? -1;
  return diagonal === -distance || (diagonal !== distance && below < above) ? above : below + 1;
}

function walkBack(trace: readonly Map<number, number>[], endX: number, endY: number): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [endX, endY];
  for (let distance = trace.length - 1; distance >= 0; distance -= 1) {
    const furthest = trace[distance] ?? new Map<number, number>();
    const diagonal = x - y;
    const above = furthest.get(diagonal + 1) ?? -1;
    const below = furthest.get(diagonal - 1) ?? -1;
    const down = diagonal === -distance || (diagonal !== distance && below < above);
    const previousDiagonal = down ? diagonal + 1 : diagonal - 1;
    const previousX = distance === 0 ? 0 : (furthest.get(previousDiagonal) ?? 0);
    const previousY = distance === 0 ? 0 : previousX - previousDiagonal;
    while (x > previousX && y > previousY) {
      if (distance > 0 && x === (down ? previousX : previousX + 1)) break;
      x -= 1;
      y -= 1;
      pairs.push([x, y]);
    }
    [x, y] = [previousX, previousY];
  }
  return pairs.reverse();
}

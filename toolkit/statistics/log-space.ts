/** ln(e^a + e^b), safe for −Infinity and for any magnitude. */
export function logAdd(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? -Infinity : high + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** ln Σ e^v over `values`; −Infinity for none. */
export function logSum(values: Iterable<number>): number {
  let high = -Infinity;
  let sum = 0;
  for (const value of values) {
    if (value === -Infinity) continue;
    if (value > high) {
      sum = sum * Math.exp(high - value) + 1;
      high = value;
    } else {
      sum += Math.exp(value - high);
    }
  }
  return sum === 0 ? -Infinity : high + Math.log(sum);
}

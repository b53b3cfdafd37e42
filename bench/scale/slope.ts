export interface Point {
  readonly size: number;
  readonly ms: number;
}

/** Slope of the least squares line through ln size and ln ms: 1 is linear, 2 quadratic; NaN below two sizes. */
export function slopeOf(points: readonly Point[]): number {
  const logs = points.map(({ size, ms }) => ({ x: Math.log(size), y: Math.log(ms) }));
  const meanX = logs.reduce((sum, { x }) => sum + x, 0) / logs.length;
  const meanY = logs.reduce((sum, { y }) => sum + y, 0) / logs.length;
  const across = logs.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return across / logs.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
}

/**
 * Milliseconds before restart number `restarts` + 1. Kubernetes waits 0, 10 s, 20 s … 5 min; the rig waits a fifth of that,
 * so that a crash loop shows within a test's patience. The run before it counts as healthy after ten minutes.
 */
export function restartDelay(restarts: number, ranMs: number): number {
  if (restarts === 0 || ranMs > 600_000) return 0;
  return Math.min(2_000 * 2 ** (restarts - 1), 60_000);
}

/** Milliseconds before the image is looked for again after `failures` misses. */
export function pullDelay(failures: number): number {
  return Math.min(1_000 * 2 ** (failures - 1), 15_000);
}

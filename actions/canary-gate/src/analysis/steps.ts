/** A traffic step that was set: its weight in percent and when, in the server's time. */
export interface Step {
  readonly weight: number;
  readonly atMs: number;
}

/** Index of the step in force at a time; 0 before the first. */
export function stepAt(steps: readonly Step[], timeMs: number): number {
  let index = 0;
  for (const [i, step] of steps.entries()) if (step.atMs <= timeMs) index = i;
  return index;
}

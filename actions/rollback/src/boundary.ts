/** The places between steps where a run may die; a test kills it there by `GATED_DELIVERY_DIE_AT`. */
export const boundaries = [
  'opened',
  'locked',
  'unstuck',
  'planned',
  'rolled',
  'verified',
  'noted',
  'recorded',
  'unlocked',
] as const;
export type Boundary = (typeof boundaries)[number];

/** A step is over: in a crash test the process dies here as by `kill -9`. */
export function boundary(name: Boundary, env: Readonly<Record<string, string | undefined>>): void {
  if (env.GATED_DELIVERY_DIE_AT === name) process.kill(process.pid, 'SIGKILL');
}

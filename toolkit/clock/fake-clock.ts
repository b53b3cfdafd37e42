import type { Clock } from './clock.ts';

/** A clock that jumps ahead instead of sleeping; `slept` lists every wait in ms. */
export function fakeClock(start = 0): Clock & { slept: number[]; advance(ms: number): void } {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}

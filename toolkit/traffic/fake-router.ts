import type { TrafficRouter } from './router.ts';

/** Keeps the share in memory; `history` lists what was set. */
export function fakeRouter(percent = 0): TrafficRouter & { history: number[] } {
  const history: number[] = [];
  let now = percent;
  return {
    name: 'fake router',
    history,
    read: async () => now,
    set: async (wanted) => {
      history.push(wanted);
      now = wanted;
      return now;
    },
  };
}

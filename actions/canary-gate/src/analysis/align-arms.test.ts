import { describe, expect, it } from '@jest/globals';
import { seeded } from './fake-history.ts';
import { comparison } from './comparison.ts';
import type { Gaps } from './align-arms.ts';
import type { PodCounts } from './event-counts.ts';

const interval = 15_000;
const pods = [
  { pod: 'c1', arm: 'canary', rps: 5 },
  { pod: 'c2', arm: 'canary', rps: 5 },
  { pod: 's1', arm: 'stable', rps: 40 },
  { pod: 's2', arm: 'stable', rps: 40 },
] as const;

/** An hour of identical arms with a shared incident from minute 10 to 20; highest ln E against the canary. */
function watch(seed: number, away: (pod: string, look: number) => boolean): number {
  const random = seeded(seed);
  const arms = comparison({
    ...{ margin: 1.25, promoteMargin: undefined, alpha: 0.01, promoteAlpha: 0.05, sinceMs: 0 },
  });
  const waiting = new Map(pods.map(({ pod }) => [pod as string, { events: 0, total: 0 }]));
  let most = 0;
  for (let index = 0; index < 240; index += 1) {
    const rate = index >= 40 && index < 80 ? 0.3 : 0.01;
    const counted: PodCounts[] = [];
    const silent = { canary: [] as string[], stable: [] as string[] };
    for (const { pod, arm, rps } of pods) {
      const total = rps * 15;
      let events = 0;
      for (let i = 0; i < total; i += 1) if (random() < rate) events += 1;
      const old = waiting.get(pod) ?? { events: 0, total: 0 };
      const sum = { events: old.events + events, total: old.total + total };
      const gone = away(pod, index);
      waiting.set(pod, gone ? sum : { events: 0, total: 0 });
      if (gone) silent[arm].push(pod);
      else counted.push({ pod, arm, ...sum });
    }
    const gaps: Gaps = {
      canary: { silent: silent.canary, all: 2 },
      stable: { silent: silent.stable, all: 2 },
    };
    const look = { index, startMs: index * interval, endMs: (index + 1) * interval };
    most = Math.max(most, arms.look({ ...look, step: 0, stepStart: false }, counted, gaps).logE);
  }
  return most;
}

describe('scrape gaps during an incident that both arms share', () => {
  it.each([
    ['the whole canary', (pod: string) => pod.startsWith('c')],
    ['one pod of the canary', (pod: string) => pod === 'c1'],
    ['the whole stable version', (pod: string) => pod.startsWith('s')],
    ['one pod of each', (pod: string) => pod.endsWith('1')],
  ])('are no evidence when %s is away', (_, who) => {
    for (let seed = 1; seed <= 6; seed += 1)
      expect(watch(seed, (pod, look) => who(pod) && look >= 38 && look < 90)).toBeLessThan(Math.log(100));
  });

  it('keeps its level under any pattern of gaps', () => {
    let crossed = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = seeded(1000 + seed);
      const until = new Map<string, number>();
      const away = (pod: string, look: number): boolean => {
        if ((until.get(pod) ?? 0) <= look && random() < 0.03) until.set(pod, look + 1 + 40 * random() ** 3);
        return (until.get(pod) ?? 0) > look;
      };
      if (watch(seed, away) >= Math.log(100)) crossed += 1;
    }
    // α is 1 %: more than 4 of 60 would be chance in one of two hundred such tests or rarer.
    expect(crossed).toBeLessThanOrEqual(4);
  });
});

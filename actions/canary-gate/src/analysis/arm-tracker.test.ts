import { describe, expect, it } from '@jest/globals';
import type { RawSeries } from '../../../../toolkit/prometheus/series.ts';
import { armTracker } from './arm-tracker.ts';

const context = { arms: new Map(), startedMs: new Map(), alive: new Map(), targets: new Map() };
const minute = 60_000;

/** Scrapes the named pods at each minute and looks there. */
function watchPods(minutes: number, alive: (minute: number) => readonly string[]) {
  const tracker = armTracker(
    ({ track }) => (track === 'canary' || track === 'stable' ? track : undefined),
    () => undefined,
    0,
  );
  for (let index = 1; index <= minutes; index += 1) {
    const endMs = index * minute;
    const series = alive(index).map((pod): RawSeries => {
      const track = pod.startsWith('c') ? 'canary' : 'stable';
      return { labels: { pod, track }, samples: [[endMs, index]] };
    });
    const look = { index, startMs: endMs - minute, endMs, step: 0, stepStart: false };
    tracker.track(series, look, context);
  }
  return (arm: 'canary' | 'stable') => tracker.silent(arm, minutes * minute, 5 * minute);
}

describe('armTracker', () => {
  it('forgets pods that were replaced more than an hour ago', () => {
    const silent = watchPods(180, (now) => ['c', `s${Math.floor(now / 30)}`]);
    expect(silent('stable')).toEqual({ silent: ['s4'], all: 3 });
  });

  it('keeps the last pods of an arm that is down, however long', () => {
    const silent = watchPods(180, (now) => (now < 30 ? ['c', 's'] : ['s']));
    expect(silent('canary')).toEqual({ silent: ['c'], all: 1 });
  });
});

import { describe, expect, it } from '@jest/globals';
import { progressLine } from './progress.ts';

const items = [
  { name: 'etcd', seconds: 50 },
  { name: 'kwok', seconds: 90 },
  { name: 'helm', seconds: 0 },
];

describe('the progress line', () => {
  it('tells what is done, what runs, and for how long', () => {
    const line = progressLine({
      ...{ items, lanes: 2, startedAt: 0, now: 30_000 },
      done: new Set(['helm']),
      running: new Map([['etcd', 0]]),
    });
    // 20 s of etcd and 90 s of kwok are left, for two lanes.
    expect(line).toBe('1 of 3 ready, at etcd, 30 s gone, about 55 s to go');
  });

  it('does not promise less than nothing when something takes longer than expected', () => {
    const line = progressLine({
      ...{ items, lanes: 1, startedAt: 0, now: 500_000 },
      done: new Set(['etcd', 'helm']),
      running: new Map([['kwok', 0]]),
    });
    expect(line).toBe('2 of 3 ready, at kwok, 8m 20s gone, about 5 s to go');
  });
});

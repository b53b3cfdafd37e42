import { describe, expect, it } from '@jest/globals';
import { createPeers } from './peers.ts';
import type { Minute } from './peers.ts';

const minute = (canary: number, stable: number): Minute => ({
  canary: { events: canary, total: 1000 },
  stable: { events: stable, total: 1000 },
});

/** The minute after which each peer stops a rollout of these minutes; undefined for never. */
function stops(minutes: readonly Minute[]): Record<string, number | undefined> {
  const peers = createPeers();
  const stopped: Record<string, number | undefined> = {};
  for (let length = 1; length <= minutes.length; length += 1) {
    for (const peer of peers) {
      if (peer.judge(minutes.slice(0, length))) stopped[peer.name] ??= length;
    }
  }
  return stopped;
}

const hour = (canary: (index: number) => number, stable: (index: number) => number): Minute[] =>
  Array.from({ length: 60 }, (_, index) => minute(canary(index), stable(index)));

describe('peers, by their published rules', () => {
  it('all stop a canary that is plainly worse, each at its own time', () => {
    expect(
      stops(
        hour(
          (index) => 50 + (index % 7),
          (index) => 5 + (index % 3),
        ),
      ),
    ).toEqual({
      'kayenta-every-10m': 10,
      'kayenta-at-end': 60,
      'argo-99%': 20,
      'argo-1.5x': 20,
      'flagger-99%': 5,
      pipecd: 10,
    });
  });

  it('absolute thresholds stop a healthy canary of a service with 2 % errors', () => {
    expect(
      stops(
        hour(
          () => 20,
          () => 20,
        ),
      ),
    ).toEqual({ 'argo-99%': 20, 'flagger-99%': 5 });
  });

  it('absolute thresholds do not see a canary nine times worse below them', () => {
    const { 'argo-99%': argo, 'flagger-99%': flagger } = stops(
      hour(
        () => 9,
        () => 1,
      ),
    );
    expect([argo, flagger]).toEqual([undefined, undefined]);
  });

  it('let a canary without traffic go on', () => {
    const empty = { events: 0, total: 0 };
    expect(
      stops(Array.from({ length: 60 }, () => ({ canary: empty, stable: { events: 5, total: 1000 } }))),
    ).toEqual({});
  });
});

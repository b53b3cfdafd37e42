import { baselineMs } from '../../actions/canary-gate/src/analysis/gate.ts';
import { countTest } from '../../toolkit/statistics/count-test.ts';
import { dispersion, phiBetween } from '../../toolkit/statistics/dispersion.ts';
import { placebo } from '../../toolkit/statistics/placebo.ts';
import { createPeers } from './peers.ts';
import type { Minute, Peer } from './peers.ts';
import type { Random } from './random.ts';
import { simulate } from './world.ts';
import type { World } from './world.ts';

export const ALPHA = 0.01;
export const PROMOTE_ALPHA = 0.05;

/** The gate promotes no earlier than this, and never while there is evidence of failure. */
const MINIMUM_SECONDS = 300;

export interface Decision {
  /** When it decided (failed, or promoted for `gate-promote`); Infinity for never. */
  readonly seconds: number;
  /** Requests that the canary had served by then, of the whole watch when it never decided. */
  readonly exposed: number;
}

/** What each judge made of one watch. */
export type Decisions = ReadonlyMap<string, Decision>;

export interface WatchOptions {
  /** Ask the peers, too. */
  readonly peers?: boolean;
  /** Run the test without a margin, too. */
  readonly noMargin?: boolean;
  /** Run the placebo, and count as `gate-fail-after-placebo` only fails that it does not cap. */
  readonly placebo?: boolean;
  /** Stable alone before the watch, from which the dispersion is learnt; default as long as the gate looks back. */
  readonly historySeconds?: number;
}

const TESTS = [
  { name: 'gate-fail', side: 'fail', margin: 1.25, alpha: ALPHA },
  { name: 'gate-fail-no-margin', side: 'fail', margin: 1, alpha: ALPHA },
  { name: 'gate-promote', side: 'promote', margin: 2, alpha: PROMOTE_ALPHA },
] as const;

/** Runs one simulated watch under all judges at once, each until its own decision. */
export function watch(world: World, random: Random, options: WatchOptions = {}): Decisions {
  const decided = new Map<string, Decision>();
  const tests = TESTS.filter(({ margin }) => margin !== 1 || options.noMargin === true).map((judge) => ({
    ...judge,
    test: countTest(judge),
  }));
  const stablePods = dispersion();
  const history = {
    ...world,
    share: 0,
    ratio: 1,
    disturbance: calm(world.disturbance),
    looks: Math.round((options.historySeconds ?? baselineMs / 1000) / world.lookSeconds),
  };
  for (const look of simulate(history, random)) stablePods.update(look.stablePods);
  const peers = options.peers === true ? createPeers() : [];
  const check = options.placebo === true ? placebo({ alpha: ALPHA, margin: 1.25 }) : undefined;
  const lengthSeconds = world.lookSeconds;
  let capped = false;
  const minutes: Minute[] = [];
  let failing = 0;
  let exposed = 0;
  let minute = emptyMinute();
  for (const look of simulate(world, random)) {
    const { phi } = stablePods.current;
    const sizes = [
      { total: look.canary.total, pods: look.canaryPods },
      { total: look.stable.total, pods: look.stablePods.length },
    ] as const;
    const end = look.seconds + lengthSeconds;
    exposed += look.served;
    for (const { name, side, test, alpha } of tests) {
      if (decided.has(name)) continue;
      const { logE } = test.update({ ...look, lengthSeconds, phi: phiBetween(side, phi, ...sizes) });
      if (name === 'gate-fail') failing = logE;
      const mayDecide = name !== 'gate-promote' || (failing < Math.log(3) && end >= MINIMUM_SECONDS);
      if (logE >= -Math.log(alpha) && mayDecide) decided.set(name, { seconds: end, exposed });
    }
    capped = check?.update(look.stablePods, phi, lengthSeconds).exceeded ?? false;
    stablePods.update(look.stablePods);
    minute = addTo(minute, look);
    if (end % 60 === 0) {
      minutes.push(minute);
      minute = emptyMinute();
      askPeers(peers, minutes, decided, { seconds: end, exposed });
    }
    if (decided.size === tests.length + peers.length) break;
  }
  const never = { seconds: Infinity, exposed };
  for (const { name } of [...tests, ...peers]) if (!decided.has(name)) decided.set(name, never);
  if (check !== undefined)
    decided.set('gate-fail-after-placebo', capped ? never : (decided.get('gate-fail') ?? never));
  return decided;
}

function askPeers(
  peers: readonly Peer[],
  minutes: readonly Minute[],
  decided: Map<string, Decision>,
  now: Decision,
): void {
  for (const peer of peers) if (!decided.has(peer.name) && peer.judge(minutes)) decided.set(peer.name, now);
}

function emptyMinute(): Minute {
  return { canary: { events: 0, total: 0 }, stable: { events: 0, total: 0 } };
}

function addTo(sum: Minute, look: Minute): Minute {
  const add = (arm: keyof Minute): Minute['canary'] => ({
    events: sum[arm].events + look[arm].events,
    total: sum[arm].total + look[arm].total,
  });
  return { canary: add('canary'), stable: add('stable') };
}

/** History before the release has the same bursts and waves, but no births, steps or restarts of this release. */
function calm(disturbance: World['disturbance']): World['disturbance'] {
  return disturbance === 'steps' || disturbance === 'late-births' ? 'none' : disturbance;
}

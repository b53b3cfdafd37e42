import type { PodCounts } from '../../toolkit/statistics/dispersion.ts';
import type { ArmCounts } from '../../toolkit/statistics/factor.ts';
import { scraper } from './counters.ts';
import type { Counters, Scraper } from './counters.ts';
import { binomial, normal, poisson } from './random.ts';
import type { Random } from './random.ts';

export const DISTURBANCES = [
  'none',
  'wave',
  'bursts-3',
  'bursts-10',
  'resets',
  'lost-scrapes',
  'late-births',
  'steps',
] as const;

/** What no test on two arms can tell from a regression: measured and shown, but not promised. */
export const BEYOND = ['arm-shocks', 'pod-differences'] as const;

export type Disturbance = (typeof DISTURBANCES)[number] | (typeof BEYOND)[number];

export interface World {
  /** Requests per second of both arms together. */
  readonly rps: number;
  /** The canary's part of them. */
  readonly share: number;
  /** Error rate of stable. */
  readonly baseRate: number;
  /** Odds ratio of the canary's errors. */
  readonly ratio: number;
  readonly disturbance: Disturbance;
  /** When the ratio sets in; before, it is 1. Default 0. */
  readonly onsetSeconds?: number;
  readonly lookSeconds: number;
  readonly looks: number;
}

/** What one look brings after differencing the counters, as the gate sees it. */
export interface WorldLook {
  /** Seconds at the beginning of the interval. */
  readonly seconds: number;
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
  readonly stablePods: readonly PodCounts[];
  /** Pods of the canary that were scraped. */
  readonly canaryPods: number;
  /** Requests that the canary really served in the interval, whether they were scraped or not. */
  readonly served: number;
  readonly stepStart: boolean;
}

interface Pod {
  readonly name: string;
  readonly arm: 'canary' | 'stable';
  readonly born: number;
  /** What this pod multiplies the odds of an error by, all the time. */
  readonly quality: number;
  burstUntil: number;
  counters: Counters;
}

const CANARY_PODS = 2;
const STABLE_PODS = 6;
const STEPS = [0.05, 0.25, 0.5] as const;

/** Simulates a watch look by look, disturbances included. */
export function* simulate(world: World, random: Random): Generator<WorldLook> {
  const duration = world.looks * world.lookSeconds;
  const pods = createPods(world, duration, random);
  const difference = scraper(pods.map(({ name }) => name));
  // What is there when the watch begins is anchored then.
  difference(
    0,
    pods.map(({ born, counters }) => (born === 0 ? counters : undefined)),
  );
  let step = -1;
  for (let look = 0; look < world.looks; look += 1) {
    const seconds = look * world.lookSeconds;
    const now = Math.floor((look * STEPS.length) / world.looks);
    const stepStart = world.disturbance === 'steps' && now !== step && look > 0;
    step = now;
    const share = world.disturbance === 'steps' ? (STEPS[now] ?? world.share) : world.share;
    const served = serve(world, pods, share, seconds, duration, random);
    yield { seconds, stepStart, served, ...scrape(world, pods, difference, seconds, random) };
  }
}

function createPods(world: World, duration: number, random: Random): Pod[] {
  const create = (arm: Pod['arm'], count: number): Pod[] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${arm}-${index}`,
      arm,
      // The first pod of each arm is there from the start.
      born: world.disturbance === 'late-births' && index > 0 ? (random() * duration) / 2 : 0,
      quality: world.disturbance === 'pod-differences' ? Math.exp(0.2 * normal(random)) : 1,
      burstUntil: 0,
      counters: { good: 0, bad: 0 },
    }));
  return [...create('canary', CANARY_PODS), ...create('stable', STABLE_PODS)];
}

/** One interval of traffic: Poisson requests, Bernoulli errors. Returns the requests that the canary served. */
function serve(
  world: World,
  pods: readonly Pod[],
  share: number,
  seconds: number,
  duration: number,
  random: Random,
): number {
  let served = 0;
  const wave = world.disturbance === 'wave' ? Math.sin((2 * Math.PI * seconds) / duration) : 0;
  const load = world.rps * world.lookSeconds * (1 + 0.5 * wave);
  const alive = (arm: Pod['arm']): Pod[] => pods.filter((pod) => pod.arm === arm && pod.born <= seconds);
  for (const arm of ['canary', 'stable'] as const) {
    const serving = alive(arm);
    const part = arm === 'canary' ? share : 1 - share;
    const bad = arm === 'canary' && seconds >= (world.onsetSeconds ?? 0);
    const shock = world.disturbance === 'arm-shocks' ? 0.3 * normal(random) : 0;
    const odds =
      (world.baseRate / (1 - world.baseRate)) * Math.exp(0.7 * wave + shock) * (bad ? world.ratio : 1);
    for (const pod of serving) {
      const podOdds = odds * pod.quality * burst(world, pod, seconds, random);
      const total = poisson(random, (load * part) / serving.length);
      const events = binomial(random, total, podOdds / (1 + podOdds));
      if (arm === 'canary') served += total;
      // A restart loses what was counted since the last scrape; the counter begins again at 0.
      if (world.disturbance === 'resets' && random() < world.lookSeconds / 1800) {
        const lost = binomial(random, total, random());
        const bad = events - hypergeometric(random, total, events, lost);
        pod.counters = { good: total - lost - bad, bad };
      } else {
        pod.counters.good += total - events;
        pod.counters.bad += events;
      }
    }
  }
  return served;
}

/** How many of `events` are among `drawn` of `total` requests. */
function hypergeometric(random: Random, total: number, events: number, drawn: number): number {
  let left = events;
  let hits = 0;
  let pool = total;
  let open = drawn;
  // Each error in turn is among the drawn with the share of places that are still open.
  for (; left > 0; left -= 1) {
    if (random() * pool < open) {
      hits += 1;
      open -= 1;
    }
    pool -= 1;
  }
  return hits;
}

/** Bursts hit single pods: a minute at a time, one minute in twenty. */
function burst(world: World, pod: Pod, seconds: number, random: Random): number {
  if (world.disturbance !== 'bursts-3' && world.disturbance !== 'bursts-10') return 1;
  if (seconds >= pod.burstUntil && random() < world.lookSeconds / 1200) pod.burstUntil = seconds + 60;
  return seconds < pod.burstUntil ? (world.disturbance === 'bursts-3' ? 3 : 10) : 1;
}

/** Scrapes the pods at the end of the interval; a lost scrape waits for the next. */
function scrape(
  world: World,
  pods: readonly Pod[],
  difference: Scraper,
  seconds: number,
  random: Random,
): Pick<WorldLook, 'canary' | 'stable' | 'stablePods' | 'canaryPods'> {
  const lost = (): boolean => world.disturbance === 'lost-scrapes' && random() < 0.05;
  const scraped = pods.map(({ born, counters }) => (born > seconds || lost() ? undefined : counters));
  const arms = { canary: { events: 0, total: 0 }, stable: { events: 0, total: 0 } };
  const stablePods: PodCounts[] = [];
  let canaryPods = 0;
  for (const [place, counts] of difference(seconds + world.lookSeconds, scraped).entries()) {
    const pod = pods[place];
    if (counts === undefined || pod === undefined) continue;
    arms[pod.arm].events += counts.events;
    arms[pod.arm].total += counts.total;
    if (pod.arm === 'stable') stablePods.push(counts);
    else canaryPods += 1;
  }
  return { ...arms, stablePods, canaryPods };
}

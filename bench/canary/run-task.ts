import { countTest } from '../../toolkit/statistics/count-test.ts';
import { binomialLogFactor } from '../../toolkit/statistics/factor.ts';
import { promoteGrid } from '../../toolkit/statistics/grid.ts';
import { logSum } from '../../toolkit/statistics/log-space.ts';
import { measureDelay } from './delay.ts';
import { quantile, wilson } from './measures.ts';
import { binomial, poisson, seeded } from './random.ts';
import type { Row, Task } from './tasks.ts';
import { ALPHA, PROMOTE_ALPHA, watch } from './watch.ts';
import { BEYOND, DISTURBANCES } from './world.ts';

const SECTIONS = {
  safety: safetyRows,
  delay: delayRows,
  promotion: promotionRows,
  late: lateRows,
  limits: limitRows,
  short: shortRows,
} as const;

/** Simulates one cell; the same task gives the same rows on any machine and in any order. */
export function runTask(task: Task): Row[] {
  return SECTIONS[task.section](task);
}

/** The gate's default interval. */
const LOOK_SECONDS = 15;
const LOOKS_PER_HOUR = 3600 / LOOK_SECONDS;

/** False alarms at ratio 1, misses and false promotions at ratio 2, an hour of looks, peers in the same runs. */
function safetyRows(task: Task): Row[] {
  const times = new Map<string, number[]>();
  const world = { ...task, lookSeconds: LOOK_SECONDS, looks: LOOKS_PER_HOUR };
  const place = DISTURBANCES.findIndex((name) => name === task.disturbance);
  for (let run = 0; run < task.runs; run += 1) {
    const random = seeded(
      task.seed,
      task.rps,
      task.share * 1e4,
      task.baseRate * 1e6,
      place,
      task.ratio * 100,
      run,
    );
    for (const [judge, seconds] of watch(world, random, { peers: true })) {
      const known = times.get(judge);
      if (known === undefined) times.set(judge, [seconds]);
      else known.push(seconds);
    }
  }
  return [...times].map(([judge, seconds]) => {
    const allowed = allowedRate(judge, task);
    const row = summarise(task, judge, seconds, NaN, LOOK_SECONDS);
    return { ...row, promise: allowed === undefined ? 'none' : row.low <= allowed ? 'kept' : 'broken' };
  });
}

/**
 * What is promised: false fails ≤ α for a healthy canary with the default margin, and also without any margin
 * unless single pods burst (there the margin is part of the defence); false promotions ≤ promote-α at its margin.
 */
function allowedRate(judge: string, { ratio, disturbance }: Task): number | undefined {
  const bursts = disturbance === 'bursts-3' || disturbance === 'bursts-10';
  if (judge === 'gate-fail' && ratio === 1) return ALPHA;
  if (judge === 'gate-fail-no-margin' && ratio === 1 && !bursts) return ALPHA;
  if (judge === 'gate-promote' && ratio === 2) return PROMOTE_ALPHA;
  return undefined;
}

/** False alarms where the assumptions do not hold, with and without the placebo. */
function limitRows(task: Task): Row[] {
  const judges = ['gate-fail', 'gate-fail-no-margin', 'gate-fail-after-placebo'];
  const runs = Array.from({ length: task.runs }, (_, run) => {
    const random = seeded(
      task.seed,
      task.rps,
      BEYOND.findIndex((name) => name === task.disturbance),
      run,
    );
    return watch({ ...task, lookSeconds: LOOK_SECONDS, looks: LOOKS_PER_HOUR }, random, { placebo: true });
  });
  return judges.map((judge) => {
    const seconds = runs.map((decided) => decided.get(judge) ?? Infinity);
    return summarise(task, judge, seconds, NaN, LOOK_SECONDS);
  });
}

/** False alarms of a service that is ten minutes old: bursts that its history need not have shown yet. */
function shortRows(task: Task): Row[] {
  const world = { ...task, lookSeconds: LOOK_SECONDS, looks: LOOKS_PER_HOUR };
  const seconds = Array.from(
    { length: task.runs },
    (_, run) => watch(world, seeded(task.seed, run), { historySeconds: 600 }).get('gate-fail') ?? Infinity,
  );
  const row = summarise(task, 'gate-fail', seconds, NaN, LOOK_SECONDS);
  return [{ ...row, promise: row.low <= ALPHA ? 'kept' : 'broken' }];
}

function delayRows(task: Task): Row[] {
  const { runs, decided, boundLooks, medianLooks, lookSeconds, kept } = measureDelay(
    task,
    task.runs,
    task.seed,
  );
  return [
    {
      ...describe(task, 'gate-fail-no-margin'),
      ...{ runs, hits: decided, ...wilson(decided, runs), lookSeconds },
      medianSeconds: medianLooks * lookSeconds,
      referenceSeconds: boundLooks * lookSeconds,
      promise: kept ? 'kept' : 'broken',
    },
  ];
}

/** False promotion at the edge of the null with 30 looks: the exact factor, and the binomial one for comparison. */
function promotionRows(task: Task): Row[] {
  const d0 = Math.log(2);
  const { points, weights } = promoteGrid(d0);
  const seconds = { exact: [] as number[], binomial: [] as number[] };
  const random = seeded(task.seed, task.baseRate * 1e6);
  const odds = (2 * task.baseRate) / (1 - task.baseRate);
  for (let run = 0; run < task.runs; run += 1) {
    const test = countTest({ side: 'promote', margin: 2 });
    const products = points.map(() => 0);
    const decided = { exact: Infinity, binomial: Infinity };
    for (let look = 1; look <= 30; look += 1) {
      const [n, m] = [
        poisson(random, 60 * task.rps * task.share),
        poisson(random, 60 * task.rps * (1 - task.share)),
      ];
      const canary = { events: binomial(random, n, odds / (1 + odds)), total: n };
      const stable = { events: binomial(random, m, task.baseRate), total: m };
      if (test.update({ canary, stable }).logE >= -Math.log(PROMOTE_ALPHA)) {
        decided.exact = Math.min(decided.exact, 60 * look);
      }
      for (const [g, factor] of binomialLogFactor(canary, stable, d0, points).entries()) {
        products[g] = (products[g] ?? 0) + factor;
      }
      const logE = logSum(products.map((product, g) => product + Math.log(weights[g] ?? 0)));
      if (logE >= -Math.log(PROMOTE_ALPHA)) decided.binomial = Math.min(decided.binomial, 60 * look);
    }
    seconds.exact.push(decided.exact);
    seconds.binomial.push(decided.binomial);
  }
  const exact = summarise(task, 'gate-promote', seconds.exact, NaN, 60);
  return [
    { ...exact, promise: exact.low <= PROMOTE_ALPHA ? 'kept' : 'broken' },
    summarise(task, 'binomial-promote (not used)', seconds.binomial, NaN, 60),
  ];
}

/** The delay of a regression that sets in after 30 healthy minutes against one that is there from the start. */
function lateRows(task: Task): Row[] {
  const delays = (onsetSeconds: number): number[] =>
    Array.from({ length: task.runs }, (_, run) => {
      const random = seeded(task.seed, task.share * 1e4, task.baseRate * 1e6, onsetSeconds, run);
      const looks = onsetSeconds / LOOK_SECONDS + 2 * LOOKS_PER_HOUR;
      const world = { ...task, onsetSeconds, lookSeconds: LOOK_SECONDS, looks };
      return (watch(world, random).get('gate-fail') ?? Infinity) - onsetSeconds;
    });
  const fromStart = quantile(delays(0), 0.5);
  const late = delays(1800);
  const row = summarise(task, 'gate-fail', late, fromStart, LOOK_SECONDS);
  return [{ ...row, promise: row.medianSeconds <= 2 * fromStart ? 'kept' : 'broken' }];
}

function summarise(
  task: Task,
  judge: string,
  seconds: readonly number[],
  reference: number,
  lookSeconds: number,
): Row {
  const hits = seconds.filter((value) => value !== Infinity).length;
  return {
    ...describe(task, judge),
    runs: seconds.length,
    hits,
    ...wilson(hits, seconds.length),
    medianSeconds: quantile(seconds, 0.5),
    referenceSeconds: reference,
    lookSeconds,
    promise: 'none',
  };
}

function describe(
  task: Task,
  judge: string,
): Pick<Row, 'section' | 'rps' | 'share' | 'baseRate' | 'disturbance' | 'ratio' | 'judge' | 'seed'> {
  const { section, rps, share, baseRate, disturbance, ratio, seed } = task;
  return { section, rps, share, baseRate, disturbance, ratio, judge, seed };
}

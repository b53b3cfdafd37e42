import { countTest } from '../../toolkit/statistics/count-test.ts';
import { binomialLogFactor } from '../../toolkit/statistics/factor.ts';
import { promoteGrid } from '../../toolkit/statistics/grid.ts';
import { logSum } from '../../toolkit/statistics/log-space.ts';
import { fineLookSeconds, measureDelay } from './delay.ts';
import { mean, quantile, wilson } from './measures.ts';
import { binomial, poisson, seeded } from './random.ts';
import type { Row, Task } from './tasks.ts';
import { ALPHA, PROMOTE_ALPHA, watch } from './watch.ts';
import type { Decision } from './watch.ts';
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
  const decisions = new Map<string, Decision[]>();
  const world = { ...task, lookSeconds: LOOK_SECONDS, looks: LOOKS_PER_HOUR };
  const place = DISTURBANCES.findIndex((name) => name === task.disturbance);
  const noMargin = allowedRate('gate-fail-no-margin', task) !== undefined;
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
    for (const [judge, decision] of watch(world, random, { peers: true, noMargin })) {
      const known = decisions.get(judge);
      if (known === undefined) decisions.set(judge, [decision]);
      else known.push(decision);
    }
  }
  return [...decisions].map(([judge, all]) => {
    const allowed = allowedRate(judge, task);
    const row = summarise(task, judge, all, NaN, LOOK_SECONDS);
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
    return watch({ ...task, lookSeconds: LOOK_SECONDS, looks: LOOKS_PER_HOUR }, random, {
      placebo: true,
      noMargin: true,
    });
  });
  return judges.map((judge) => {
    const decisions = runs.flatMap((decided) => decided.get(judge) ?? []);
    return summarise(task, judge, decisions, NaN, LOOK_SECONDS);
  });
}

/** False alarms of a service that is ten minutes old: bursts that its history need not have shown yet. */
function shortRows(task: Task): Row[] {
  const world = { ...task, lookSeconds: LOOK_SECONDS, looks: LOOKS_PER_HOUR };
  const runs = Array.from({ length: task.runs }, (_, run) =>
    watch(world, seeded(task.seed, run), { historySeconds: 600 }),
  );
  const decisions = runs.flatMap((decided) => decided.get('gate-fail') ?? []);
  return [summarise(task, 'gate-fail', decisions, NaN, LOOK_SECONDS)];
}

/** Looks as the gate takes them and, where these are longer than a fortieth of the bound, looks that are not. */
function delayRows(task: Task): Row[] {
  const fine = fineLookSeconds(task);
  const looks = fine < LOOK_SECONDS ? [LOOK_SECONDS, fine] : [fine];
  return looks.map((lookSeconds) => {
    const { decided, boundLooks, medianLooks } = measureDelay(task, lookSeconds, task.runs, task.seed);
    const kept = medianLooks <= 1.5 * boundLooks + 2;
    return {
      ...describe(task, 'gate-fail-no-margin'),
      ...{ runs: task.runs, hits: decided, ...wilson(decided, task.runs), lookSeconds },
      ...{ medianExposed: NaN, meanExposed: NaN },
      medianSeconds: medianLooks * lookSeconds,
      referenceSeconds: boundLooks * lookSeconds,
      promise: lookSeconds < LOOK_SECONDS ? 'none' : kept ? 'kept' : 'broken',
    };
  });
}

/** False promotion at the edge of the null with 30 looks: the exact factor, and the binomial one for comparison. */
function promotionRows(task: Task): Row[] {
  const d0 = Math.log(2);
  const { points, weights } = promoteGrid(d0);
  const decisions = { exact: [] as Decision[], binomial: [] as Decision[] };
  const random = seeded(task.seed, task.baseRate * 1e6);
  const odds = (2 * task.baseRate) / (1 - task.baseRate);
  const requests = task.rps * LOOK_SECONDS;
  for (let run = 0; run < task.runs; run += 1) {
    const test = countTest({ side: 'promote', margin: 2 });
    const products = points.map(() => 0);
    const decided: { exact?: Decision; binomial?: Decision } = {};
    let exposed = 0;
    for (let look = 1; look <= 30; look += 1) {
      const [n, m] = [poisson(random, requests * task.share), poisson(random, requests * (1 - task.share))];
      const canary = { events: binomial(random, n, odds / (1 + odds)), total: n };
      const stable = { events: binomial(random, m, task.baseRate), total: m };
      exposed += n;
      const now = { seconds: LOOK_SECONDS * look, exposed };
      if (test.update({ canary, stable }).logE >= -Math.log(PROMOTE_ALPHA)) decided.exact ??= now;
      for (const [g, factor] of binomialLogFactor(canary, stable, d0, points).entries()) {
        products[g] = (products[g] ?? 0) + factor;
      }
      const logE = logSum(products.map((product, g) => product + Math.log(weights[g] ?? 0)));
      if (logE >= -Math.log(PROMOTE_ALPHA)) decided.binomial ??= now;
    }
    decisions.exact.push(decided.exact ?? { seconds: Infinity, exposed });
    decisions.binomial.push(decided.binomial ?? { seconds: Infinity, exposed });
  }
  const exact = summarise(task, 'gate-promote', decisions.exact, NaN, LOOK_SECONDS);
  return [
    { ...exact, promise: exact.low <= PROMOTE_ALPHA ? 'kept' : 'broken' },
    summarise(task, 'binomial-promote (not used)', decisions.binomial, NaN, LOOK_SECONDS),
  ];
}

/** The delay of a regression that sets in after 30 healthy minutes against one that is there from the start. */
function lateRows(task: Task): Row[] {
  const delays = (onsetSeconds: number): Decision[] =>
    Array.from({ length: task.runs }, (_, run) => {
      const random = seeded(task.seed, task.share * 1e4, task.baseRate * 1e6, onsetSeconds, run);
      const looks = onsetSeconds / LOOK_SECONDS + 2 * LOOKS_PER_HOUR;
      const world = { ...task, onsetSeconds, lookSeconds: LOOK_SECONDS, looks };
      const seconds = watch(world, random).get('gate-fail')?.seconds ?? Infinity;
      return { seconds: seconds - onsetSeconds, exposed: NaN };
    });
  const fromStart = quantile(
    delays(0).map(({ seconds }) => seconds),
    0.5,
  );
  const row = summarise(task, 'gate-fail', delays(1800), fromStart, LOOK_SECONDS);
  return [{ ...row, promise: row.medianSeconds <= 2 * fromStart ? 'kept' : 'broken' }];
}

function summarise(
  task: Task,
  judge: string,
  decisions: readonly Decision[],
  reference: number,
  lookSeconds: number,
): Row {
  const seconds = decisions.map((decision) => decision.seconds);
  const exposed = decisions.map((decision) => decision.exposed);
  const hits = seconds.filter((value) => value !== Infinity).length;
  return {
    ...describe(task, judge),
    runs: seconds.length,
    hits,
    ...wilson(hits, seconds.length),
    medianSeconds: quantile(seconds, 0.5),
    medianExposed: quantile(exposed, 0.5),
    meanExposed: mean(exposed),
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

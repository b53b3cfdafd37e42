import { averageEvidence } from '../../toolkit/statistics/average.ts';
import { countTest } from '../../toolkit/statistics/count-test.ts';
import { dispersion } from '../../toolkit/statistics/dispersion.ts';
import type { PodCounts } from '../../toolkit/statistics/dispersion.ts';
import { placebo } from '../../toolkit/statistics/placebo.ts';
import { ratioInterval } from '../../toolkit/statistics/ratio-interval.ts';
import { costOfLook } from './look-cost.ts';
import { cpuSeconds } from './measures.ts';
import { binomial, poisson, seeded } from './random.ts';
import type { Random } from './random.ts';
import type { Finding } from './summary.ts';

const BUCKETS = 8;

/** CPU and memory of the evidence itself, on synthetic counts, and of a whole look from the answers' text on. */
export function measureCost(): Finding[] {
  const look = cpuOfLook(50, 500);
  const world = { metrics: 50, pods: 500, buckets: BUCKETS, intervalMs: 15_000, scrapeMs: 15_000 };
  const whole = costOfLook(world, 9);
  const ratio = (whole.readMs + whole.judgeMs) / whole.jsonMs;
  const day = cpuOfDay();
  const growth = growthOver(10_000);
  return [
    {
      promise: 'evidence of one look over 50 metrics × 500 pods × 8 buckets under 100 ms of CPU',
      measured: `${look.toFixed(0)} ms`,
      kept: look < 100,
    },
    {
      promise: `that look as a whole, ${whole.megabytes.toFixed(0)} MB of answers included, below JSON.parse alone on the same answers`,
      measured: `${ratio.toFixed(2)} × (${whole.readMs.toFixed(0)} ms to read, ${whole.judgeMs.toFixed(0)} ms to judge, JSON.parse ${whole.jsonMs.toFixed(0)} ms)`,
      kept: ratio < 1,
    },
    {
      promise: 'evidence of a day at 15 s (5,760 looks) under 2 s',
      measured: `${day.toFixed(2)} s`,
      kept: day < 2,
    },
    {
      promise: 'memory flat over 10,000 looks (one metric, 20 pods)',
      measured: `${(growth / 1024).toFixed(0)} KiB more at the end than after 1,000 looks`,
      kept: growth < 512 * 1024,
    },
  ];
}

interface Metric {
  look(): number;
}

/** A latency metric as the gate runs it: a pair of tests per boundary, dispersion and placebo on the objective's. */
function latencyMetric(pods: number, random: Random): Metric {
  const tests = Array.from({ length: BUCKETS }, () => ({
    fail: countTest({ side: 'fail', margin: 1.25 }),
    promote: countTest({ side: 'promote', margin: 1.5 }),
  }));
  const spread = dispersion();
  const check = placebo({ alpha: 0.01, margin: 1.25 });
  const interval = ratioInterval(0.05);
  const canaryPods = Math.ceil(pods / 20);
  // What differencing has left: the increase of each pod in each bucket.
  const increases = Array.from({ length: pods }, (_, pod) =>
    Array.from({ length: BUCKETS }, (__, bucket) => ({
      pod: `pod-${pod}`,
      total: 600,
      events: binomial(random, 600, 0.5 ** (bucket + 1)),
    })),
  );
  let seconds = 0;
  return {
    look() {
      const { phi } = spread.current;
      const evidence = tests.map(({ fail, promote }, bucket) => {
        const arms = sumArms(increases, bucket, canaryPods);
        const look = { ...arms, phi, seconds };
        promote.update(look);
        if (bucket === 0) interval.update(look);
        return { name: String(bucket), weight: 1, logE: fail.update(look).logE };
      });
      const stable: PodCounts[] = increases.slice(canaryPods).flatMap((buckets) => buckets.slice(0, 1));
      spread.update(stable);
      check.update(stable, phi);
      seconds += 15;
      return averageEvidence(evidence).logE;
    },
  };
}

function sumArms(
  increases: readonly (readonly PodCounts[])[],
  bucket: number,
  canaryPods: number,
): { canary: PodCounts; stable: PodCounts } {
  const arms = { canary: { pod: '', events: 0, total: 0 }, stable: { pod: '', events: 0, total: 0 } };
  for (const [index, buckets] of increases.entries()) {
    const arm = index < canaryPods ? arms.canary : arms.stable;
    arm.events += buckets[bucket]?.events ?? 0;
    arm.total += buckets[bucket]?.total ?? 0;
  }
  return arms;
}

/** Milliseconds of CPU per look, after a few to warm up. */
function cpuOfLook(metrics: number, pods: number): number {
  const random = seeded(1);
  const all = Array.from({ length: metrics }, () => latencyMetric(pods, random));
  const look = (): void => {
    for (const metric of all) metric.look();
  };
  for (let i = 0; i < 3; i += 1) look();
  return (
    cpuSeconds(() => {
      for (let i = 0; i < 5; i += 1) look();
    }) *
    (1000 / 5)
  );
}

/** Seconds of CPU for a day of one ratio metric at 200 rps over 20 pods, both sides and the interval. */
function cpuOfDay(): number {
  const metric = ratioMetric(20);
  return cpuSeconds(() => {
    for (let i = 0; i < 5760; i += 1) metric.look();
  });
}

function ratioMetric(pods: number): Metric {
  const random = seeded(2);
  const fail = countTest({ side: 'fail', margin: 1.25 });
  const promote = countTest({ side: 'promote', margin: 2 });
  const interval = ratioInterval(0.05);
  const spread = dispersion();
  const check = placebo({ alpha: 0.01, margin: 1.25 });
  let seconds = 0;
  return {
    look() {
      const all = Array.from({ length: pods }, (_, pod) => {
        const total = poisson(random, 3000 / pods);
        return { pod: `pod-${pod}`, total, events: binomial(random, total, 0.005) };
      });
      const { canary, stable } = sumArms(
        all.map((counts) => [counts]),
        0,
        1,
      );
      const { phi } = spread.current;
      const look = { canary, stable, phi, seconds };
      promote.update(look);
      interval.update(look);
      spread.update(all.slice(1));
      check.update(all.slice(1), phi);
      seconds += 15;
      return fail.update(look).logE;
    },
  };
}

/** Bytes of heap gained between look 1,000 and the last one; needs `--expose-gc` to be exact. */
function growthOver(looks: number): number {
  const metric = ratioMetric(20);
  let before = 0;
  for (let i = 0; i < looks; i += 1) {
    metric.look();
    if (i === 1000) before = heap();
  }
  return heap() - before;
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

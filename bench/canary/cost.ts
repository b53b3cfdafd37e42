import { averageEvidence } from '../../toolkit/statistics/average.ts';
import { countTest } from '../../toolkit/statistics/count-test.ts';
import { dispersion } from '../../toolkit/statistics/dispersion.ts';
import type { PodCounts } from '../../toolkit/statistics/dispersion.ts';
import { placebo } from '../../toolkit/statistics/placebo.ts';
import { ratioInterval } from '../../toolkit/statistics/ratio-interval.ts';
import { cpuOfReplay, growthOfGate } from './day.ts';
import { costOfLook } from './look-cost.ts';
import { cpuSeconds } from './measures.ts';
import { binomial, seeded } from './random.ts';
import type { Random } from './random.ts';
import type { Finding } from './summary.ts';

const BUCKETS = 8;

/** CPU and memory of the evidence itself, on synthetic counts, and of a whole look from the answers' text on. */
export async function measureCost(): Promise<Finding[]> {
  const look = cpuOfLook(50, 500);
  const world = { metrics: 50, pods: 500, buckets: BUCKETS, intervalMs: 15_000, scrapeMs: 15_000 };
  const whole = costOfLook(world, 9);
  const ratio = (whole.readMs + whole.judgeMs) / whole.jsonMs;
  const day = await cpuOfReplay(5760);
  const steady = growthOfGate(10_000);
  const replaced = growthOfGate(10_000, 600_000);
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
      promise:
        'replay of a day at 15 s (one ratio metric, 20 pods) under 2 s of CPU, from the samples to the result',
      measured: `${day.seconds.toFixed(2)} s for ${day.looks} looks`,
      kept: day.seconds < 2 && day.looks === 5760,
    },
    {
      promise: 'memory of the gate flat over 10,000 looks (one ratio metric, 20 pods)',
      measured: `${(steady / 1024).toFixed(0)} KiB more at the end than after 1,000 looks`,
      kept: steady < 512 * 1024,
    },
    {
      promise:
        'the same with every stable pod replaced every ten minutes: no series of theirs is kept, under 1 KiB for each of 4,275 pods',
      measured: `${(replaced / 1024).toFixed(0)} KiB more`,
      kept: replaced < 4275 * 1024,
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

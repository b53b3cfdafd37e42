import { describe, expect, it } from '@jest/globals';
import type { LookReport } from './analysis/report.ts';
import { finalWeight, nextWeight } from './traffic-plan.ts';

const plan = { weights: [5, 25, 50], minDurationMs: 300_000, intervalMs: 15_000 };
const counts = { events: 0, total: 10 };

function look(endMs: number, logE = 0, blocks = false): LookReport {
  const problems = blocks ? [{ kind: 'no-traffic' as const, text: '', blocks }] : [];
  const metric = {
    ...{ name: 'e', type: 'ratio', shadow: false, weight: 1, logE, logPromote: 0 },
    ...{ canary: counts, stable: counts, problems },
  };
  return { index: 0, startMs: 0, endMs, step: 0, metrics: [metric], logE, canaryRequests: 10 };
}

describe('nextWeight', () => {
  const first = [{ weight: 5, atMs: 0 }];

  it('begins with the first weight at once', () => {
    expect(nextWeight(plan, [], 0, undefined)).toBe(5);
  });

  it('leaves traffic alone without weights', () => {
    expect(nextWeight({ ...plan, weights: [] }, [], 0, undefined)).toBeUndefined();
  });

  it('gives each step its share of the shortest duration', () => {
    expect(nextWeight(plan, first, 99_000, look(90_000))).toBeUndefined();
    expect(nextWeight(plan, first, 100_000, look(90_000))).toBe(25);
  });

  it('gives each step one interval at least', () => {
    const quick = { ...plan, minDurationMs: 0 };
    expect(nextWeight(quick, first, 14_000, look(10_000))).toBeUndefined();
    expect(nextWeight(quick, first, 15_000, look(10_000))).toBe(25);
  });

  it('holds a canary that looks worse, that cannot be seen, or that was not looked at since', () => {
    expect(nextWeight(plan, first, 200_000, look(180_000, 1.2))).toBeUndefined();
    expect(nextWeight(plan, first, 200_000, look(180_000, 0, true))).toBeUndefined();
    expect(nextWeight(plan, [{ weight: 5, atMs: 190_000 }], 400_000, look(180_000))).toBeUndefined();
  });

  it('ends with the last weight', () => {
    const all = plan.weights.map((weight, index) => ({ weight, atMs: index }));
    expect(nextWeight(plan, all, 900_000, look(890_000))).toBeUndefined();
  });
});

describe('finalWeight', () => {
  const inconclusive = { kind: 'inconclusive', cause: 'cancelled', reason: '', atMs: 0 } as const;

  it('takes traffic from a failed canary, keeps it for a passed one, and obeys the policy in between', () => {
    expect(finalWeight({ kind: 'fail', reason: '', culprits: [], atMs: 0 }, 'pass')).toBe(0);
    expect(finalWeight({ kind: 'pass', reason: '', atMs: 0 }, 'fail')).toBeUndefined();
    expect(finalWeight(inconclusive, 'fail')).toBe(0);
    expect(finalWeight(inconclusive, 'pass')).toBeUndefined();
  });
});

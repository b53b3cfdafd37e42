import { describe, expect, it } from '@jest/globals';
import { cellKey, fromCsv, toCsv } from './results.ts';
import { seeded } from './random.ts';
import { runTask } from './run-task.ts';
import { judgePromises } from './summary.ts';
import { fullGrid, quickGrid } from './tasks.ts';
import type { Row } from './tasks.ts';
import { DISTURBANCES, simulate } from './world.ts';
import type { World, WorldLook } from './world.ts';

const world: World = {
  rps: 200,
  share: 0.2,
  baseRate: 0.05,
  ratio: 1,
  disturbance: 'none',
  lookSeconds: 30,
  looks: 240,
};

function totals(looks: readonly WorldLook[], arm: 'canary' | 'stable'): { events: number; total: number } {
  return looks.reduce(
    (sum, look) => ({ events: sum.events + look[arm].events, total: sum.total + look[arm].total }),
    { events: 0, total: 0 },
  );
}

describe('simulate', () => {
  it.each(DISTURBANCES)('%s: both arms of a healthy world have the same error rate', (disturbance) => {
    const looks = [...simulate({ ...world, disturbance }, seeded(1))];
    const [canary, stable] = [totals(looks, 'canary'), totals(looks, 'stable')];
    const ratio = canary.events / canary.total / (stable.events / stable.total);
    expect(ratio).toBeGreaterThan(disturbance.startsWith('bursts') ? 0.6 : 0.95);
    expect(ratio).toBeLessThan(disturbance.startsWith('bursts') ? 1.6 : 1.05);
    expect(canary.total + stable.total).toBeGreaterThan(0.9 * 200 * 30 * 240);
  });

  it('makes the canary worse by the odds ratio, from the onset on', () => {
    const looks = [...simulate({ ...world, ratio: 3, onsetSeconds: 3600 }, seeded(2))];
    const rate = (part: readonly WorldLook[]): number =>
      totals(part, 'canary').events / totals(part, 'canary').total;
    expect(rate(looks.slice(0, 120))).toBeCloseTo(0.05, 2);
    expect(rate(looks.slice(120))).toBeCloseTo(0.1364, 2);
  });

  it('takes the steps and marks where they start', () => {
    const looks = [...simulate({ ...world, disturbance: 'steps' }, seeded(3))];
    expect(looks.flatMap(({ stepStart }, index) => (stepStart ? [index] : []))).toEqual([80, 160]);
    const share = totals(looks.slice(160), 'canary').total / (200 * 30 * 80);
    expect(share).toBeCloseTo(0.5, 2);
  });
});

describe('the grid', () => {
  it('has every cell once, and the quick one is a part of its size', () => {
    const full = fullGrid(2000, 1);
    expect(new Set(full.map(cellKey)).size).toBe(full.length);
    expect(full.filter(({ section }) => section === 'safety')).toHaveLength(64 * 8 * 2);
    expect(quickGrid(1).filter(({ section }) => section === 'safety').length).toBe(8 * 8 * 2);
  });

  it('gives the same rows for the same task, which survive the CSV', () => {
    const task = {
      section: 'safety',
      rps: 20,
      share: 0.1,
      baseRate: 0.05,
      disturbance: 'none',
      ratio: 2,
    } as const;
    const rows = runTask({ ...task, runs: 3, seed: 7 });
    expect(runTask({ ...task, runs: 3, seed: 7 })).toEqual(rows);
    expect(rows.map(({ judge }) => judge)).toContain('kayenta-at-end');
    for (const row of rows) expect(cellKey(fromCsv(toCsv(row)))).toBe(cellKey(row));
  });

  it('calls a promise broken when a cell breaks it', () => {
    const row: Row = {
      section: 'safety',
      rps: 2,
      share: 0.1,
      baseRate: 0.1,
      disturbance: 'none',
      ratio: 1,
      judge: 'gate-fail',
      seed: 1,
      runs: 100,
      hits: 20,
      low: 0.13,
      high: 0.29,
      medianSeconds: Infinity,
      medianExposed: NaN,
      meanExposed: NaN,
      referenceSeconds: NaN,
      lookSeconds: 30,
      promise: 'broken',
    };
    const [fails] = judgePromises([row]);
    expect(fails).toMatchObject({ kept: false, measured: expect.stringContaining('20.0 % of 100 runs') });
    expect(judgePromises([{ ...row, promise: 'kept', hits: 0, low: 0 }])[0]).toMatchObject({ kept: true });
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LookReport } from './analysis/report.ts';
import { lookLog } from './look-log.ts';

const alphas = { alpha: 0.01, promoteAlpha: 0.05 };

function look(index: number, { logE = 0, step = 0 } = {}): LookReport {
  const arm = { events: index, total: 100 * index };
  const metric = {
    ...{ name: 'errors', type: 'ratio', shadow: false, weight: 1, problems: [] },
    ...{ logE, logPromote: 0, canary: arm, stable: arm },
  };
  const times = { startMs: index * 15_000, endMs: (index + 1) * 15_000 };
  return { index, ...times, step, metrics: [metric], logE, canaryRequests: arm.total };
}

describe('lookLog', () => {
  it('keeps every look of a usual watch', () => {
    const log = lookLog(alphas);
    for (let index = 0; index < 1_000; index += 1) log.add(look(index));
    expect(log.list().map(({ index }) => index)).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  });

  it('is bounded over 10,000 looks, and so is its report', () => {
    const log = lookLog(alphas);
    for (let index = 0; index < 10_000; index += 1) {
      log.add(look(index));
      expect(log.list().length).toBeLessThanOrEqual(1_001);
    }
    const kept = log.list();
    expect(kept.length).toBeGreaterThan(500);
    expect(kept[0]?.index).toBe(0);
    expect(kept.at(-1)?.index).toBe(9_999);
    expect(JSON.stringify(kept).length).toBeLessThan(1_000_000);
  });

  it('keeps first, last, steps and first crossings, evenly between them and in order', () => {
    const events = fc.record({
      looks: fc.integer({ min: 1, max: 400 }),
      crossing: fc.nat(400),
      step: fc.nat(400),
      most: fc.integer({ min: 8, max: 50 }),
    });
    fc.assert(
      fc.property(events, ({ looks, crossing, step, most }) => {
        const log = lookLog(alphas, most);
        for (let index = 0; index < looks; index += 1)
          log.add(look(index, { logE: index >= crossing ? 5 : 0, step: index >= step ? 1 : 0 }));
        const kept = log.list().map(({ index }) => index);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        const due = [0, looks - 1, crossing, step].filter((index) => index < looks);
        expect(kept).toEqual(expect.arrayContaining(due));
        expect(kept.length).toBeLessThanOrEqual(most + 1);
        expect(log.last()?.index).toBe(looks - 1);
      }),
    );
  });
});

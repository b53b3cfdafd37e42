import { describe, expect, it } from '@jest/globals';
import type { RawSeries } from '../../../toolkit/prometheus/series.ts';
import { scrapeLag } from './scrape-lag.ts';

const every = (seconds: number, count: number, skip: readonly number[] = []): RawSeries => ({
  labels: { __name__: 'up' },
  samples: Array.from({ length: count }, (_, i): [number, number] => [i * seconds * 1000, 1]).filter(
    (_, i) => !skip.includes(i),
  ),
});

describe('scrapeLag', () => {
  it.each([
    ['30 s without any history', [], 30_000],
    ['30 s for fast scrapes', [every(5, 100)], 30_000],
    ['two scrapes of a minute', [every(15, 100), every(60, 60)], 120_000],
    ['two scrapes although some were lost', [every(60, 60, [3, 4, 5, 20])], 120_000],
    ['30 s for a series with too few samples', [every(120, 2)], 30_000],
    ['5 minutes at most', [every(600, 6)], 300_000],
  ])('is %s', (_, series, lagMs) => {
    expect(
      scrapeLag(
        new Map([
          ['q', series],
          ['logs', [every(100, 50)]],
        ]),
        ['q'],
      ),
    ).toBe(lagMs);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fakePrometheus } from './fake-prometheus.ts';
import { inChunks } from './in-chunks.ts';
import { QueryFailure, type PrometheusPort } from './prometheus.ts';
import type { RawSeries } from './series.ts';

const minute = 60_000;
const { signal } = new AbortController();
const histogram = { count: 1, sum: 1, buckets: [] };

function stored(pod: string, fromMinute: number, toMinute: number): RawSeries {
  const times = Array.from(
    { length: toMinute - fromMinute + 1 },
    (_, index) => (fromMinute + index) * minute,
  );
  return {
    labels: { __name__: 'x', pod },
    samples: times.map((time) => [time, time / minute]),
    histograms: times.map((time) => [time, histogram]),
  };
}

/** Refuses windows with more samples than it may load, as `--query.max-samples` does. */
function limited(series: readonly RawSeries[], mostMs: number, status = 422) {
  const server = fakePrometheus(series);
  const refused: number[] = [];
  const port: PrometheusPort = {
    ...server,
    rangeVector: async (selector, endMs, windowMs, cancelled) => {
      if (windowMs <= mostMs) return server.rangeVector(selector, endMs, windowMs, cancelled);
      refused.push(windowMs);
      throw new QueryFailure({ kind: 'refused', status, detail: 'too many samples' });
    },
  };
  return { port, refused, queries: server.queries };
}

describe('inChunks', () => {
  it('gives what one query gives, whatever the window and the limit', async () => {
    const all = [stored('a', 0, 300), stored('b', 40, 70), stored('c', 200, 300)];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 120 }),
        async (end, window, most) => {
          const whole = await fakePrometheus(all).rangeVector('x', end * minute, window * minute, signal);
          const { port } = limited(all, most * minute);
          const parts = await inChunks(port).rangeVector('x', end * minute, window * minute, signal);
          const byPod = ({ labels: a }: RawSeries, { labels: b }: RawSeries) =>
            (a.pod ?? '').localeCompare(b.pod ?? '');
          expect([...parts.series].sort(byPod)).toEqual([...whole.series].sort(byPod));
        },
      ),
    );
  });

  it('asks for half an hour at most, and remembers what was too much', async () => {
    const { port, refused, queries } = limited([stored('a', 0, 120)], 10 * minute);
    const chunked = inChunks(port);
    await chunked.rangeVector('x', 60 * minute, 60 * minute, signal);
    expect(refused).toEqual([30 * minute, 15 * minute]);
    await chunked.rangeVector('x', 120 * minute, 60 * minute, signal);
    expect(refused).toHaveLength(2);
    expect(Math.max(...queries.map(({ windowMs }) => windowMs))).toBe(7.5 * minute);
  });

  it('counts a sample at a border once', async () => {
    const closed: PrometheusPort = {
      ...fakePrometheus([]),
      rangeVector: async (_, endMs, windowMs) => ({
        series: [{ labels: { pod: 'a' }, samples: [[endMs - windowMs, 1] as const, [endMs, 2] as const] }],
        warnings: [],
      }),
    };
    const { series } = await inChunks(closed).rangeVector('x', 60 * minute, 60 * minute, signal);
    expect(series[0]?.samples.map(([time]) => time)).toEqual([0, 30 * minute, 60 * minute]);
  });

  it.each([
    ['a query that is wrong', 400, 1],
    ['one that is refused at any length', 422, 6],
  ])('gives up on %s', async (_, status, attempts) => {
    const { port, refused } = limited([], 0, status);
    await expect(inChunks(port).rangeVector('x', 60 * minute, 60 * minute, signal)).rejects.toThrow(
      'too many samples',
    );
    expect(refused).toHaveLength(attempts);
  });
});

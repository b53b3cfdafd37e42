/** What a silent pod does to each kind of metric: its target-down alarm, and counts that wait for one span of time. */
import { describe, expect, it } from '@jest/globals';
import type { RawSeries } from '../../../../toolkit/prometheus/series.ts';
import { fakeSeries, replayFake } from './fake-gate.ts';

const always = (): boolean => false;

/** A counter of 10 requests a second that is not scraped while `away`. */
function requests(
  pod: string,
  track: string,
  away: (second: number) => boolean = always,
  rps = 10,
): RawSeries {
  const labels = { __name__: 'http_requests_total', track, pod, code: '200' };
  return fakeSeries(labels, 60, (second) => (away(second) ? undefined : (second + 600) * rps));
}
/** Whether the target answered; undefined while it is none. */
function up(pod: string, track: string, value: (second: number) => 0 | 1 | undefined): RawSeries {
  return fakeSeries({ __name__: 'up', track, pod }, 60, value);
}

describe('one silent pod of several', () => {
  const after = (second: number): boolean => second > 300;
  const pods = (silent: string): RawSeries[] =>
    ['s1', 's2', 'c1', 'c2'].map((pod) =>
      requests(pod, pod.startsWith('c') ? 'canary' : 'stable', pod === silent ? after : always),
    );
  const problemsOf = async (series: RawSeries[]) => {
    const { looks } = await replayFake('- preset: http-errors', series, 15);
    return looks.at(-1)?.metrics[0]?.problems.filter(({ kind }) => kind === 'target-down');
  };

  it('is a data alarm that stands against a promotion when the target is down and the pod the canary’s', async () => {
    const down = up('c2', 'canary', (second) => (after(second) ? 0 : 1));
    expect(await problemsOf([...pods('c2'), down])).toEqual([
      expect.objectContaining({
        ...{ arm: 'canary', blocks: true },
        text: "no sample of 1 of the canary's 2 pods for 5 min (c2): their targets are down",
      }),
    ]);
  });

  it('is told of stable too, whose others can be compared', async () => {
    const down = up('s2', 'stable', (second) => (after(second) ? 0 : 1));
    expect(await problemsOf([...pods('s2'), down])).toEqual([
      expect.objectContaining({ arm: 'stable', blocks: false }),
    ]);
  });

  it('is none when the pod was scaled away', async () => {
    const gone = up('c2', 'canary', (second) => (after(second) ? undefined : 1));
    expect(await problemsOf([...pods('c2'), gone])).toEqual([]);
  });

  it('is told without blocking when nothing says whether the pod is down or gone', async () => {
    expect(await problemsOf(pods('c2'))).toEqual([
      expect.objectContaining({ blocks: false, text: expect.stringContaining('down or gone') }),
    ]);
  });
});

describe('log lines while requests are not scraped', () => {
  const yaml = '- {preset: log-errors, url: "http://loki:3100"}';
  // Of every two minutes the pod is scraped for 15 s only, and then brings all that it served meanwhile.
  const rarely = (second: number): boolean => second > 0 && second % 120 !== 0 && second % 120 !== 15;
  const perLook = (count: number, pod?: string): RawSeries =>
    fakeSeries(pod === undefined ? {} : { pod }, 60, () => count);
  const served = (away: (pod: string) => boolean): RawSeries[] => [
    ...['s1', 's2'].map((pod) => requests(pod, 'stable', away(pod) ? rarely : always)),
    ...['c1', 'c2'].map((pod) => requests(pod, 'canary', away(pod) ? rarely : always)),
  ];

  it.each([
    ['all of stable, lines by pod', (pod: string) => pod.startsWith('s'), true],
    ['all of stable, lines by arm', (pod: string) => pod.startsWith('s'), false],
    ['one pod of the canary, lines by pod', (pod: string) => pod === 'c2', true],
    ['one pod of the canary, lines by arm', (pod: string) => pod === 'c2', false],
  ])('of %s, are compared over the same span', async (_, away, byPod) => {
    const { verdict, looks } = await replayFake(yaml, served(away), 60, {
      canary: byPod ? [perLook(5, 'c1'), perLook(5, 'c2')] : [perLook(10)],
      stable: byPod ? [perLook(5, 's1'), perLook(5, 's2')] : [perLook(10)],
    });
    expect(verdict.kind).toBe('inconclusive');
    expect(Math.max(...looks.map(({ logE }) => logE))).toBeLessThan(Math.log(3));
    // The lines are not lost either.
    expect(looks.at(-1)?.metrics[0]?.stable.events).toBeGreaterThan(1_500);
  });
});

describe('log lines by pod', () => {
  it('show how much pods differ: bursts of one pod are not evidence', async () => {
    const yaml = '- {preset: log-errors, url: "http://loki:3100"}';
    const burst = (pod: string, at: number): RawSeries =>
      fakeSeries({ pod }, 60, (second) => (Math.floor((second + 600) / 60) % 10 === at ? 60 : 2));
    const served = [
      ...['s1', 's2', 's3'].map((pod) => requests(pod, 'stable')),
      requests('c1', 'canary'),
    ].map((one) => ({ ...one, labels: { ...one.labels, namespace: 'shop' } }));
    const { verdict, looks } = await replayFake(yaml, served, 60, {
      canary: [burst('c1', 3)],
      stable: [burst('s1', 0), burst('s2', 4), burst('s3', 7)],
    });
    expect(looks[0]?.metrics[0]?.phi).toBeGreaterThan(5);
    expect(verdict.kind).toBe('inconclusive');
  });
});

describe('restarts that both arms share while one is not scraped', () => {
  it('are no evidence', async () => {
    const incidents = [600, 1_500, 2_400];
    const away = (second: number): boolean => incidents.some((at) => second > at - 30 && second < at + 200);
    const begun = (pod: string, track: string): RawSeries =>
      fakeSeries({ __name__: 'process_start_time_seconds', track, pod }, 60, (second) =>
        track === 'canary' && away(second)
          ? undefined
          : 1_000 + Math.max(0, ...incidents.filter((at) => at <= second)),
      );
    const series = [
      ...Array.from({ length: 8 }, (_, index) => begun(`s${index}`, 'stable')),
      ...Array.from({ length: 4 }, (_, index) => begun(`c${index}`, 'canary')),
    ];
    const { verdict, looks } = await replayFake('- preset: restarts', series, 60);
    expect(verdict.kind).toBe('inconclusive');
    expect(Math.max(...looks.map(({ logE }) => logE))).toBeLessThan(Math.log(3));
    expect(looks.at(-1)?.metrics[0]).toMatchObject({ canary: { events: 12 }, stable: { events: 24 } });
  });
});

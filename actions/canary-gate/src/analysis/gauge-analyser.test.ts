import { describe, expect, it } from '@jest/globals';
import { fakeSeries, replayFake } from './fake-gate.ts';
import { seeded } from './fake-history.ts';

const MiB = 2 ** 20;
const leak = '- {preset: memory-leak, limit: 512Mi}';

/** Memory with GC noise that grows by some MiB a minute. */
function memory(
  growth: number,
  minutes: number,
  extra: (second: number) => number | undefined = () => undefined,
) {
  const random = seeded(3);
  const pod = (name: string, track: string, slope: number) =>
    fakeSeries({ __name__: 'process_resident_memory_bytes', track, pod: name }, minutes, (second) => {
      const value = (100 + random() * 6 + (slope * Math.max(0, second)) / 60) * MiB;
      return track === 'canary' ? (extra(second) ?? value) : value;
    });
  return [pod('s1', 'stable', 0), pod('s2', 'stable', 0), pod('c1', 'canary', growth)];
}

describe('gaugeAnalyser', () => {
  it('fails a leak within an hour or so, with the growth and the time to the limit', async () => {
    const { verdict, looks } = await replayFake(leak, memory(1, 120), 120);
    expect(verdict.kind).toBe('fail');
    expect(verdict.reason).toContain('memory-leak');
    expect(verdict.atMs - (looks[0]?.startMs ?? 0)).toBeLessThanOrEqual(80 * 60_000);
    const note = looks.at(-1)?.metrics[0]?.note ?? '';
    expect(note).toMatch(/growth \d+(\.\d+)? MiB an hour, at least \d+/);
  });

  it('says nothing when stable grows towards the limit alike', async () => {
    const grown = ['s1', 's2', 'c1'].map((pod, seed) => {
      const random = seeded(seed + 1);
      const track = pod.startsWith('c') ? 'canary' : 'stable';
      return fakeSeries({ __name__: 'process_resident_memory_bytes', track, pod }, 90, (second) =>
        second < -600 ? undefined : (100 + random() * 6 + second / 60) * MiB,
      );
    });
    expect((await replayFake(leak, grown, 90)).verdict.kind).toBe('inconclusive');
  });

  it('says nothing against a canary whose memory only wobbles', async () => {
    const { verdict, looks } = await replayFake(leak, memory(0, 240), 240);
    expect(verdict.kind).toBe('inconclusive');
    expect(Math.max(...looks.map(({ logE }) => logE))).toBeLessThan(Math.log(100));
  });

  it('fails a level far above that of stable', async () => {
    const random = seeded(5);
    const queue = (pod: string, track: string, level: number) =>
      fakeSeries({ __name__: 'queue_depth', track, pod }, 120, () => level + random());
    const series = [queue('s1', 'stable', 10), queue('s2', 'stable', 10), queue('c1', 'canary', 20)];
    const { verdict } = await replayFake('- {name: queue, type: gauge, metric: queue_depth}', series, 120);
    expect(verdict.kind).toBe('fail');
  });

  it('leaves NaN out and says so, also in the verdict', async () => {
    const { verdict, looks } = await replayFake(
      leak,
      memory(0, 20, (second) => (second > 0 ? NaN : undefined)),
      20,
    );
    expect(verdict.kind).toBe('inconclusive');
    expect(looks.at(-1)?.metrics[0]?.problems).toContainEqual(
      expect.objectContaining({ kind: 'nan', blocks: true }),
    );
  });

  it('names an arm without series', async () => {
    const { verdict } = await replayFake(leak, memory(0, 20).slice(0, 2), 20);
    expect(verdict.reason).toContain('history ends undecided: memory-leak: no series at all for the canary');
  });
});

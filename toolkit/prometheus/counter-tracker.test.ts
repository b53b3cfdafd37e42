import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { counterTracker } from './counter-tracker.ts';
import type { Labels, RawSeries } from './series.ts';

const base = { __name__: 'requests_total', pod: 'a', instance: '10.0.0.1:80', code: '200' };
const seconds = (...pairs: [number, number][]) => pairs.map(([s, v]) => [s * 1000, v] as const);
const series = (labels: Partial<Labels>, ...pairs: [number, number][]): RawSeries => ({
  labels: { ...base, ...labels },
  samples: seconds(...pairs),
});

/** Feeds looks of raw series and gives the sum of all increments and the kinds of problems. */
function counted(
  looks: RawSeries[][],
  options: { since?: number; started?: Record<string, number> } = {},
): { sum: number; problems: string[] } {
  const tracker = counterTracker((options.since ?? 100) * 1000, () => undefined);
  const started = new Map(Object.entries(options.started ?? {}).map(([pod, s]) => [pod, s * 1000]));
  let sum = 0;
  const problems: string[] = [];
  for (const look of looks) {
    const fed = tracker.feed(look, Infinity, started);
    for (const { delta } of fed.increments) sum += delta;
    problems.push(...fed.problems.map(({ kind }) => kind));
  }
  return { sum, problems };
}

describe('counterTracker', () => {
  it('takes the first sample of what was there before as an anchor only', () => {
    expect(counted([[series({}, [90, 1000], [95, 1005])], [series({}, [105, 1010])]])).toEqual({
      sum: 10,
      problems: [],
    });
  });

  it('counts what follows a reset from zero', () => {
    expect(counted([[series({}, [90, 1000])], [series({}, [105, 1010], [110, 3], [115, 5])]]).sum).toBe(15);
  });

  it('loses nothing to a gap', () => {
    expect(counted([[series({}, [90, 10])], [], [], [series({}, [700, 60])]]).sum).toBe(50);
  });

  it('counts a pod from zero when it started after the canary began', () => {
    const looks = [[series({}, [90, 7])], [series({ pod: 'b' }, [120, 4], [125, 6])]];
    expect(counted(looks, { started: { b: 118 } }).sum).toBe(6);
  });

  it('does not count the past of an old pod that is scraped for the first time', () => {
    const looks = [[series({}, [90, 7])], [series({ pod: 'b' }, [120, 5000], [125, 5002])]];
    expect(counted(looks, { started: { b: 10 } }).sum).toBe(2);
  });

  it('takes a pod without start time for new only while others were being scraped', () => {
    const fresh = [series({ pod: 'b' }, [1000, 40])];
    expect(counted([[series({}, [990, 7])], fresh]).sum).toBe(40);
    expect(counted([[series({}, [90, 7])], fresh]).sum).toBe(0);
    expect(counted([fresh]).sum).toBe(0);
  });

  it('counts a new label combination of a known pod from zero: its first error is not lost', () => {
    const looks = [[series({}, [90, 7])], [series({}, [105, 9]), series({ code: '500' }, [105, 1])]];
    expect(counted(looks).sum).toBe(3);
  });

  it('goes on counting when a label changes in mid-flight, and says so', () => {
    const looks = [
      [series({}, [90, 1000])],
      [series({}, [105, 1010])],
      [series({ version: '2' }, [110, 1012], [115, 1020])],
    ];
    expect(counted(looks)).toEqual({ sum: 10 + 8, problems: ['relabelled'] });
  });

  it('counts a restarted process from zero although its labels are new', () => {
    const looks = [[series({}, [90, 1000])], [series({ code: '500' }, [110, 3])]];
    expect(counted(looks).sum).toBe(3);
  });

  it('counts a pod that two jobs scrape once, and says so', () => {
    const looks = [
      [series({ job: 'one' }, [90, 10]), series({ job: 'two' }, [91, 10])],
      [series({ job: 'one' }, [105, 15]), series({ job: 'two' }, [106, 15])],
    ];
    expect(counted(looks)).toEqual({ sum: 5, problems: ['duplicate', 'duplicate'] });
  });

  it('counts a new series once that comes twice in one answer', () => {
    const fresh = series({ pod: 'b' }, [120, 4], [125, 6]);
    expect(counted([[series({}, [90, 7])], [fresh, fresh]], { started: { b: 118 } })).toEqual({
      sum: 6,
      problems: [],
    });
  });

  it('counts two containers of one pod both', () => {
    const looks = [
      [series({}, [90, 10]), series({ instance: '10.0.0.1:81' }, [90, 10])],
      [series({}, [105, 15]), series({ instance: '10.0.0.1:81' }, [105, 11])],
    ];
    expect(counted(looks)).toEqual({ sum: 6, problems: [] });
  });

  it.each([
    ['nan', NaN],
    ['infinite', Infinity],
    ['infinite', -Infinity],
    ['negative', -1],
  ])('leaves a sample out that is %s, and says so', (kind, value) => {
    const looks = [[series({}, [90, 10])], [series({}, [105, value], [110, 12])]];
    expect(counted(looks)).toEqual({ sum: 2, problems: [kind] });
  });

  it('counts the same however the samples are cut into overlapping looks', () => {
    const steps = fc.array(fc.record({ gain: fc.nat(50), reset: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(29), { maxLength: 6 }), (moves, cuts) => {
        let value = 500;
        let truth = 0;
        const pairs: [number, number][] = [[90, value]];
        for (const [index, { gain, reset }] of moves.entries()) {
          if (reset && gain < value) value = 0;
          value += gain;
          truth += gain;
          pairs.push([105 + index, value]);
        }
        const ends = [...new Set([...cuts, 30])].sort((a, b) => a - b);
        const looks = ends.map((end) => [series({}, ...pairs.slice(0, end + 2))]);
        expect(counted([[series({}, ...pairs.slice(0, 1))], ...looks]).sum).toBe(truth);
      }),
    );
  });

  describe('a pod that was forgotten', () => {
    const returning = (started: ReadonlyMap<string, number>, ...pairs: [number, number][]): number => {
      const tracker = counterTracker(100_000, () => undefined);
      tracker.feed([series({}, [90, 10]), series({ pod: 'b' }, [90, 5])], Infinity);
      tracker.feed([series({}, [105, 12]), series({ pod: 'b' }, [105, 9])], Infinity);
      for (const pod of [...tracker.pods()]) if (pod.name === 'a') tracker.forget(pod);
      tracker.feed([series({ pod: 'b' }, [4000, 9])], Infinity);
      const { increments } = tracker.feed(
        [series({}, ...pairs), series({ pod: 'b' }, [4015, 9])],
        Infinity,
        started,
      );
      return increments.reduce((sum, { delta }) => sum + delta, 0);
    };

    it('is anchored anew when it comes back, so that nothing is counted twice', () => {
      expect(returning(new Map(), [4015, 500], [4020, 503])).toBe(3);
      expect(returning(new Map([['a', 101_000]]), [4015, 500], [4020, 503])).toBe(3);
    });

    it('counts from zero when another process has its name', () => {
      expect(returning(new Map([['a', 4_001_000]]), [4015, 7], [4020, 9])).toBe(9);
    });

    it('leaves nothing behind, however many pods come and go', () => {
      const tracker = counterTracker(0, () => undefined);
      for (let generation = 0; generation < 50; generation += 1) {
        const ms = 1 + generation * 15;
        tracker.feed([series({ pod: `p${generation}` }, [ms, 1]), series({}, [ms, 1])], Infinity);
        for (const pod of [...tracker.pods()]) if (pod.name !== 'a') tracker.forget(pod);
      }
      expect([...tracker.pods()].map(({ name }) => name)).toEqual(['a']);
    });
  });

  it('ignores samples after the end of the look until their own', () => {
    const tracker = counterTracker(100_000, () => undefined);
    tracker.feed([series({}, [90, 10])], 100_000);
    const window = [series({}, [105, 11], [112, 15])];
    expect(tracker.feed(window, 110_000).increments.map(({ delta }) => delta)).toEqual([1]);
    expect(tracker.feed(window, 120_000).increments.map(({ delta }) => delta)).toEqual([4]);
  });
});

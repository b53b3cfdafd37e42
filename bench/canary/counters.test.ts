import { describe, expect, it } from '@jest/globals';
import { scraper } from './counters.ts';

describe('scraper', () => {
  it('counts births, restarts and lost scrapes as the gate does', () => {
    const difference = scraper(['a', 'b']);
    expect(difference(0, [{ good: 100, bad: 0 }, undefined])).toEqual([{ events: 0, total: 0 }, undefined]);
    // The first errors of a known pod, and all of a pod that began after the watch.
    expect(
      difference(15, [
        { good: 110, bad: 2 },
        { good: 7, bad: 1 },
      ]),
    ).toEqual([
      { events: 2, total: 12 },
      { events: 1, total: 8 },
    ]);
    expect(difference(30, [undefined, { good: 8, bad: 1 }])).toEqual([undefined, { events: 0, total: 1 }]);
    // What a lost scrape would have shown comes with the next; a restarted process counts from zero.
    expect(
      difference(45, [
        { good: 130, bad: 4 },
        { good: 3, bad: 0 },
      ]),
    ).toEqual([
      { events: 2, total: 22 },
      { events: 0, total: 3 },
    ]);
  });
});

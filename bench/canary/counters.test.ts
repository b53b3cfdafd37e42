import { describe, expect, it } from '@jest/globals';
import { scraper } from './counters.ts';

describe('scraper', () => {
  it('counts births, restarts and lost scrapes as the gate does', () => {
    const difference = scraper(['a', 'b']);
    const a = (events: number, total: number) => ({ pod: 'a', events, total });
    const b = (events: number, total: number) => ({ pod: 'b', events, total });
    const shown = (good: number, bad: number) => ({ good, bad });
    expect(difference(0, [shown(100, 0), undefined])).toEqual([a(0, 0), undefined]);
    // The first errors of a known pod, and all of a pod that began after the watch.
    expect(difference(15, [shown(110, 2), shown(7, 1)])).toEqual([a(2, 12), b(1, 8)]);
    expect(difference(30, [undefined, shown(8, 1)])).toEqual([undefined, b(0, 1)]);
    // What a lost scrape would have shown comes with the next; a restarted process counts from zero.
    expect(difference(45, [shown(130, 4), shown(3, 0)])).toEqual([a(2, 22), b(0, 3)]);
  });
});

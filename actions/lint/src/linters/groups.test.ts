import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunk, groupByFolder } from './groups.ts';

describe('groupByFolder', () => {
  it('gives each file to the nearest folder', () => {
    expect(groupByFolder(['a.js', 'p/b.js', 'p/q/c.js', 'pq/d.js'], ['.', 'p', 'p/q'])).toEqual([
      { dir: '.', files: ['a.js', 'pq/d.js'], nested: ['p/q', 'p'] },
      { dir: 'p', files: ['p/b.js'], nested: ['p/q'] },
      { dir: 'p/q', files: ['p/q/c.js'], nested: [] },
    ]);
  });

  it('leaves out what lies above all folders', () => {
    expect(groupByFolder(['a.js'], ['p'])).toEqual([{ dir: 'p', files: [], nested: [] }]);
  });
});

describe('chunk', () => {
  it('keeps order and loses nothing, and fills no call beyond its room but by a single argument', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 60 }), (args, room) => {
        const chunks = chunk(args, room);
        expect(chunks.flat()).toEqual(args);
        for (const part of chunks) {
          const size = part.reduce((sum, arg) => sum + arg.length * 3 + 1, 0);
          expect(part.length === 1 || size <= room).toBe(true);
        }
      }),
    );
  });
});

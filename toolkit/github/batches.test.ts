import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { batches } from './batches.ts';

it('keeps every item in order, in pieces that are full but for the last', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 60 }), (items, size) => {
      const pieces = batches(items, size);
      expect(pieces.flat()).toEqual(items);
      expect(pieces.slice(0, -1).every((piece) => piece.length === size)).toBe(true);
      expect(pieces.every((piece) => piece.length > 0 && piece.length <= size)).toBe(true);
    }),
  );
});

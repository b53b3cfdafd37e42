import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffLines, type Hunk } from './line-diff.ts';

function apply(before: readonly string[], hunks: readonly Hunk[]): string[] {
  const after = [...before];
  for (const hunk of [...hunks].reverse()) after.splice(hunk.from, hunk.to - hunk.from, ...hunk.lines);
  return after;
}

describe('diffLines', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 });

  it('gives hunks that turn the one into the other', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const hunks = diffLines(before, after);
        expect(apply(before, hunks)).toEqual(after);
        for (const hunk of hunks) expect(before.slice(hunk.from, hunk.to)).not.toEqual(hunk.lines);
      }),
    );
  });

  it('leaves common lines between two edits alone', () => {
    expect(diffLines(['x', 'k', 'l', 'y'], ['X', 'k', 'l', 'Y', 'Z'])).toEqual([
      { from: 0, to: 1, lines: ['X'] },
      { from: 3, to: 4, lines: ['Y', 'Z'] },
    ]);
  });

  it('gives one hunk for texts that have little in common', () => {
    const before = Array.from({ length: 1_500 }, (_, index) => `old ${index}`);
    const after = Array.from({ length: 1_500 }, (_, index) => `new ${index}`);
    expect(diffLines(before, after)).toEqual([{ from: 0, to: 1_500, lines: after }]);
  });
});

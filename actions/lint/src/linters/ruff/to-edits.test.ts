import { describe, expect, it } from '@jest/globals';
import { toEdits } from './to-edits.ts';

describe('toEdits', () => {
  it('counts characters as Ruff does, also behind an emoji and other line ends', () => {
    const text = 'a\r\n😀 = 1\nlast';
    const edit = { content: 'x', location: { row: 2, column: 2 }, end_location: { row: 2, column: 3 } };
    expect(toEdits([edit], text)).toEqual([{ from: 5, to: 6, text: 'x' }]);
    const end = { content: '', location: { row: 3, column: 1 }, end_location: { row: 4, column: 1 } };
    expect(toEdits([end], text)).toEqual([{ from: 10, to: 14, text: '' }]);
  });
});

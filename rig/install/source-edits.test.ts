import { describe, expect, it } from '@jest/globals';
import { applyEdit } from './source-edits.ts';

const edit = { file: 'a.go', times: 2, find: 'old()', replace: 'new($&)' };

describe('applyEdit', () => {
  it('replaces every occurrence, literally', () => {
    expect(applyEdit('x old() y old()', edit)).toBe('x new($&) y new($&)');
  });

  it.each(['', 'old()', 'old() old() old()'])('refuses a source it was not written for: %j', (source) => {
    expect(() => applyEdit(source, edit)).toThrow('a.go: expected 2 times, found');
  });
});

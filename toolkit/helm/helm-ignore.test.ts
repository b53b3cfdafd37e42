import { describe, expect, it } from '@jest/globals';
import { helmIgnore } from './helm-ignore.ts';

describe('helmIgnore', () => {
  it.each([
    ['*.bin', 'files/a.bin', true],
    ['*.bin', 'a.binary', false],
    ['files/*.bin', 'files/a.bin', true],
    ['files/*.bin', 'files/deep/a.bin', false],
    ['/a.bin', 'a.bin', true],
    ['/a.bin', 'files/a.bin', false],
    ['a?c', 'abc', true],
    ['[a-c].txt', 'b.txt', true],
    ['[^a].txt', 'a.txt', false],
    ['{a,b}.txt', 'a.txt', false],
    ['.*', '.git', true],
    ['# a.bin', 'a.bin', false],
    ['*.bin\r\n', 'a.bin', true],
    ['\uFEFFa.bin', 'a.bin', true],
    ['*.bin\n!a.bin', 'a.bin', false],
    ['!a.bin\n*.bin', 'a.bin', false],
    ['!b.bin', 'a.bin', false],
    ['', 'templates/.swp', true],
    ['', 'Chart.yaml', false],
  ])('%j of %s: %s', (text, path, isIgnored) => {
    expect(helmIgnore(text)(path, false)).toBe(isIgnored);
  });

  it('takes a pattern with a slash at its end for folders only', () => {
    expect(helmIgnore('docs/')('docs', true)).toBe(true);
    expect(helmIgnore('docs/')('deep/docs', true)).toBe(true);
    expect(helmIgnore('docs/')('docs', false)).toBe(false);
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseUnifiedDiff } from './unified-diff.ts';

describe('parseUnifiedDiff', () => {
  it('reads runs of changed lines and leaves their context out', () => {
    const text = [
      '--- a.py\t2026-11-24 00:23:08+00:00',
      '+++ a.py\t2026-11-24 00:23:09+00:00',
      '@@ -1,4 +1,5 @@',
      ' import os',
      '-x=1',
      '+x = 1',
      '+',
      ' keep',
      '-last',
      '+Last',
      '',
    ].join('\n');
    expect(parseUnifiedDiff(text)).toEqual([
      {
        file: 'a.py',
        hunks: [
          { from: 1, to: 2, lines: ['x = 1', ''] },
          { from: 3, to: 4, lines: ['Last'] },
        ],
      },
    ]);
  });

  it('takes content that looks like a header for content, and a name with a line end whole', () => {
    const text = [
      '--- nl',
      'b.py',
      '+++ nl',
      'b.py',
      '@@ -1,2 +1,2 @@',
      '--- -x',
      '+++ +x',
      ' y',
      '--- c.py',
      '+++ c.py',
      '@@ -0,0 +1 @@',
      '+new',
    ].join('\n');
    expect(parseUnifiedDiff(text)).toEqual([
      { file: 'nl\nb.py', hunks: [{ from: 0, to: 1, lines: ['++ +x'] }] },
      { file: 'c.py', hunks: [{ from: 0, to: 0, lines: ['new'] }] },
    ]);
  });

  it('reads nothing from nothing', () => {
    expect(parseUnifiedDiff('')).toEqual([]);
  });
});

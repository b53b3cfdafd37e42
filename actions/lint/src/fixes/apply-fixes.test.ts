import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hunkFindings } from '../linters/hunk-findings.ts';
import { diffLines } from '../linters/prettier/line-diff.ts';
import { applyFixes } from './apply-fixes.ts';

describe('applyFixes', () => {
  it('applies what does not touch, and a fix of several edits whole or not at all', () => {
    const text = 'var a = b == c;';
    const renamed = [
      { from: 4, to: 5, text: 'x' },
      { from: 8, to: 9, text: 'y' },
    ];
    const fixes = [[{ from: 0, to: 3, text: 'let' }], renamed, [{ from: 9, to: 10, text: '' }]].map(
      (edits) => ({ edits }),
    );
    expect(applyFixes(text, fixes)).toEqual({ text: 'let x = y == c;', applied: 2 });
  });

  it('leaves out edits beyond the text or against themselves', () => {
    expect(
      applyFixes('abc', [
        { edits: [{ from: 2, to: 9, text: '' }] },
        {
          edits: [
            { from: 0, to: 2, text: 'x' },
            { from: 1, to: 2, text: 'y' },
          ],
        },
        { edits: [] },
      ]),
    ).toEqual({ text: 'abc', applied: 0 });
  });

  it("makes of a text what the formatter makes of it, by its hunks' edits", () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 20 });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const [old, wanted] = [before, after].map((lines) => lines.join('\n').split('\n'));
        const findings = hunkFindings('x', 'm', 'p', old!, diffLines(old!, wanted!));
        const fixed = applyFixes(
          old!.join('\n'),
          findings.map(({ fix }) => ({ edits: fix ?? [], formatter: 'x' })),
        );
        expect(fixed).toEqual({ text: wanted!.join('\n'), applied: findings.length });
      }),
    );
  });
});

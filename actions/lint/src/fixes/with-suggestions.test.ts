import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Finding, TextEdit } from '../../../../toolkit/findings/finding.ts';
import { withSuggestions } from './with-suggestions.ts';

function suggestionOf(text: string, lines: [number, number?], fix: readonly TextEdit[]): string | undefined {
  const [startLine, endLine] = lines;
  const location = { path: 'a.js', startLine, endLine };
  const finding: Finding = { tool: 'eslint', rule: 'x', message: '', level: 'error', location, fix };
  return withSuggestions([finding], () => text)[0]?.suggestion;
}

const text = 'let a = 1;\nvar b = 2;\nc;';

describe('withSuggestions', () => {
  it.each([
    [[2], [{ from: 11, to: 14, text: 'const' }], 'const b = 2;'],
    [[1, 2], [{ from: 0, to: 14, text: 'const' }], 'const b = 2;'],
    [[3], [{ from: 23, to: 24, text: '' }], 'c'],
    [[2], [{ from: 11, to: 21, text: '' }], ''],
  ] as const)('shows lines %j as the fix leaves them', (lines, fix, expected) => {
    expect(suggestionOf(text, [...lines] as [number, number?], fix)).toBe(expected);
  });

  it.each([
    ['of another line', [2], [{ from: 0, to: 3, text: 'const' }]],
    ['that takes the line break too', [2], [{ from: 11, to: 22, text: '' }]],
    ['that is not in the file', [3], [{ from: 90, to: 91, text: '' }]],
  ] as const)('shows nothing for a fix %s', (_, lines, fix) => {
    expect(suggestionOf(text, [...lines] as [number, number?], fix)).toBeUndefined();
  });

  it('put in place of its lines is the mended file', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', 'ü', '😀', ';'), maxLength: 6 });
    const lines = fc.array(line, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(lines, fc.nat(5), fc.nat(10), fc.nat(10), line, (all, at, one, two, inserted) => {
        const index = at % all.length;
        const before = all
          .slice(0, index)
          .map((part) => `${part}\n`)
          .join('').length;
        const old = all[index] ?? '';
        const [from = 0, to = 0] = [one % (old.length + 1), two % (old.length + 1)].sort((a, b) => a - b);
        const source = all.join('\n');
        const edit = { from: before + from, to: before + to, text: inserted };
        const expected = source.slice(0, edit.from) + inserted + source.slice(edit.to);
        const suggestion = suggestionOf(source, [index + 1], [edit]);
        const shown = [...all.slice(0, index), suggestion, ...all.slice(index + 1)].join('\n');
        expect(shown).toBe(expected);
      }),
    );
  });
});

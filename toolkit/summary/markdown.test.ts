import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { codeBlock, escapeMarkdown, inlineCode, table } from './markdown.ts';
import { cutMarkdown } from './cut-markdown.ts';

describe('escapeMarkdown', () => {
  it.each([
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert\\(1\\)&gt;'],
    ['a|b', 'a\\|b'],
    ['[x](javascript:0)', '\\[x\\]\\(javascript:0\\)'],
    ['two\nlines', 'two lines'],
    ['@octocat', '@\u200boctocat'],
  ])('%j becomes text', (foreign, safe) => {
    expect(escapeMarkdown(foreign)).toBe(safe);
  });

  it('leaves no tag, no line break and no bare pipe in anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = escapeMarkdown(text);
        expect(safe).not.toMatch(/[<>\r\n]/);
        expect(safe.replaceAll(/\\[\\|]/g, '')).not.toContain('|');
      }),
    );
  });
});

describe('code', () => {
  it('is never ended by its own content', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', '|') }), (text) => {
        const fence = /^`+/.exec(codeBlock(text))?.[0] ?? '';
        expect(text).not.toContain(fence);
        const inline = inlineCode(text);
        const tick = /^`+/.exec(inline)?.[0] ?? '';
        expect(inline.endsWith(tick)).toBe(true);
        const runs = inline.slice(tick.length, -tick.length).match(/`+/g) ?? [];
        expect(runs.every((run) => run.length < tick.length)).toBe(true);
      }),
    );
  });
});

describe('code with more runs of backticks than a call takes arguments', () => {
  it.each([inlineCode, codeBlock])('is written by %p', (write) => {
    expect(write('`a'.repeat(200_000))).toContain('`a`a');
  });
});

describe('table', () => {
  it('has a head, a rule and rows', () => {
    expect(table(['a', 'b'], [['1', '2']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 |');
  });
});

describe('cutMarkdown', () => {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;

  it('leaves what fits as it is', () => {
    expect(cutMarkdown('short', 900_000)).toBe('short');
  });

  it('cuts a summary of 1,048,575 bytes, says so and closes an open fence', () => {
    const long = `\`\`\`\n${'é'.repeat(37)}\n`.padEnd(10) + `${'x'.repeat(74)}\n`.repeat(13_970);
    const padded = long + 'y'.repeat(1_048_575 - bytes(long));
    const cut = cutMarkdown(padded, 900_000);
    expect(bytes(cut)).toBeLessThanOrEqual(900_000);
    expect(bytes(cut)).toBeGreaterThan(899_000);
    expect(cut).toMatch(/\n```\n\n_Cut here: the whole text is 1048575 bytes/);
  });
});

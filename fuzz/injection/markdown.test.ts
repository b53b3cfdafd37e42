import { describe, expect, it } from '@jest/globals';
import { codeBlock, escapeMarkdown, inlineCode, table } from '../../toolkit/summary/markdown.ts';
import { escapeHtml } from '../../actions/canary-gate/src/html/plot.ts';
import { hostileTexts } from './hostile-texts.ts';

describe.each(Object.entries(hostileTexts))('a text of the kind %s', (_kind, texts) => {
  it.each(texts)('%j is text in a cell of a summary', (text) => {
    const cell = escapeMarkdown(text);
    expect(cell).not.toMatch(/[<>\r\n]/);
    expect(cell.replaceAll(/\\./gu, '')).not.toMatch(/[[\]`|*_!~$]/);
    expect(cell).not.toMatch(/@[a-z]/i);
    expect(table(['a'], [[cell], [inlineCode(text)]]).split(/\r\n|\r|\n/)).toHaveLength(4);
  });

  it.each(texts)('%j does not end a block of code', (text) => {
    const block = codeBlock(text).split('\n');
    const fence = block[0] ?? '';
    expect(block.slice(1, -1).some((line) => line.trim().startsWith(fence))).toBe(false);
  });

  it.each(texts)('%j is text in the HTML report', (text) => {
    expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { inputTable, replaceBetween } from './docs-tables.ts';

describe('replaceBetween', () => {
  it('keeps what stands outside the markers', () => {
    const text = 'a\n<!-- x:start -->old<!-- x:end -->\nb';
    expect(replaceBetween(text, 'x', 'new')).toBe('a\n<!-- x:start -->\n\nnew\n\n<!-- x:end -->\nb');
  });

  it('refuses a page without markers', () => {
    expect(() => replaceBetween('a', 'x', 'new')).toThrow(/markers/);
  });
});

describe('inputTable', () => {
  it('folds descriptions to one line and escapes pipes', () => {
    const inputs = {
      mode: { description: 'a\n or | b', default: 'x|y' },
      url: { description: 'u', required: true },
    };
    expect(
      inputTable({ inputs } as never)
        .split('\n')
        .slice(2),
    ).toEqual(['| `mode` | a or \\| b | `x\\|y` |', '| `url` | u | **required** |']);
  });
});

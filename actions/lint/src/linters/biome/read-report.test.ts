import { describe, expect, it } from '@jest/globals';
import { readBiomeReport } from './read-report.ts';

describe('readBiomeReport', () => {
  const expected = {
    category: 'lint/suspicious/noDebugger',
    message: 'no debugger',
    level: 'error',
    path: 'a.js',
    location: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 12 },
  };
  const common = { category: expected.category, severity: 'error' };

  it('reads places by line and column', () => {
    const location = { path: 'a.js', start: { line: 2, column: 3 }, end: { line: 2, column: 12 } };
    const text = JSON.stringify({ diagnostics: [{ ...common, message: 'no debugger', location }] });
    expect(readBiomeReport(text)).toEqual([expected]);
  });

  it('reads places by bytes, as releases before 2.4 give them', () => {
    const location = { path: { file: './a.js' }, span: [10, 19], sourceCode: '"ü";\n// 😀' };
    const early = { ...location, span: [9, 18], sourceCode: '// üü\n  debugger;\n' };
    const item = { ...common, description: 'no debugger', message: [{ content: 'no' }], location: early };
    const [read] = readBiomeReport(JSON.stringify({ diagnostics: [item] })) ?? [];
    expect(read).toMatchObject({ path: 'a.js', message: 'no debugger', location: { startLine: 2 } });
    // Two letters of two bytes each stand before: bytes 8 to 9 are the second line's first blanks.
    expect(read?.location.startColumn).toBe(2);
  });

  it('knows what is about no file, and what is no report', () => {
    const text = JSON.stringify({ diagnostics: [{ ...common, message: 'm', location: null }] });
    expect(readBiomeReport(text)?.[0]).toMatchObject({ path: '', location: { startLine: 1 } });
    expect(readBiomeReport('{"diagnostics":3}')).toBeUndefined();
    expect(readBiomeReport('')).toBeUndefined();
  });
});

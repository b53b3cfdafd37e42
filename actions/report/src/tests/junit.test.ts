import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseJUnit } from './junit.ts';
import { countsOf } from './test-summary.ts';

const read = (name: string): ReturnType<typeof parseJUnit> =>
  parseJUnit(readFileSync(new URL(`__fixtures__/${name}.xml`, import.meta.url), 'utf8'));

describe('parseJUnit', () => {
  it.each([
    ['jest-junit', { passed: 1, failed: 3, skipped: 1 }],
    ['mocha-junit-reporter', { passed: 1, failed: 1, skipped: 0 }],
    ['mocha-xunit', { passed: 1, failed: 1, skipped: 1 }],
    ['node', { passed: 1, failed: 1, skipped: 1 }],
  ])('reads what %s writes', (name, counts) => {
    const cases = read(name);
    expect(countsOf(cases)).toMatchObject(counts);
    const failed = cases.filter(({ outcome }) => outcome.kind === 'failed');
    expect(failed[0]).toMatchObject({
      outcome: {
        message: expect.stringMatching(/equal|2 == 3|toBe/),
        details: expect.stringMatching(/:\d+:\d+/),
      },
    });
    for (const { outcome } of failed) expect(JSON.stringify(outcome)).not.toContain('\\u001b');
  });

  it('takes the file from the case, else from its suite', () => {
    const cases = parseJUnit(
      '<testsuites><testsuite name="s" file="a.js"><testcase name="1"><failure/></testcase>' +
        '<testcase name="2" file="b.js" line="7"><error message="x"/></testcase></testsuite></testsuites>',
    );
    expect(cases.map(({ outcome }) => outcome)).toMatchObject([
      { file: 'a.js', line: undefined, message: '' },
      { file: 'b.js', line: 7, message: 'x' },
    ]);
  });

  it('counts a suite that broke before its first test', () => {
    const broken = '<testsuite name="s" tests="0"><error message="cannot find module"/></testsuite>';
    expect(parseJUnit(broken)).toMatchObject([{ name: 's', outcome: { kind: 'failed' } }]);
  });

  it.each(['<html/>', '<coverage><testsuite/></coverage>'])('refuses %s', (text) => {
    expect(() => parseJUnit(text)).toThrow('not <testsuites>');
  });

  it('makes no number of what is none', () => {
    const times = ['-1', 'x', '1e999', '1,234.5'].map((time) => `<testcase name="a" time="${time}"/>`);
    expect(parseJUnit(`<testsuite>${times.join('')}</testsuite>`).map(({ seconds }) => seconds)).toEqual([
      0, 0, 0, 1234.5,
    ]);
  });
});

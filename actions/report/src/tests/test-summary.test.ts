import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { failedTests, testAnnotations } from './failed-tests.ts';
import { parseJUnit, type TestCase } from './junit.ts';
import { testSummary, testsHeadline } from './test-summary.ts';

const ground = {
  root: '/home/runner/work/shop/shop',
  folder: '.',
  isFile: (path: string) => path.endsWith('.js'),
};
const failing = (name: string, details = 'it'): TestCase => ({
  ...{ suite: 's', name, seconds: 1 },
  outcome: { kind: 'failed', message: 'm', details, file: '', line: undefined },
});

describe('the summary of tests', () => {
  it('counts by suite and says why each failed', () => {
    const fixture = readFileSync(new URL('__fixtures__/mocha-junit-reporter.xml', import.meta.url), 'utf8');
    const cases = parseJUnit(fixture);
    const text = testSummary('test:web', cases, failedTests(cases, ground), ['other.xml: it is not whole']);
    expect(`${text}\n`).toBe(readFileSync(new URL('__golden__/tests.md', import.meta.url), 'utf8'));
  });

  it('stays readable with thousands of suites and failures', () => {
    const cases = Array.from({ length: 3_000 }, (_, index) => ({
      ...failing(`t${index}`, 'x'.repeat(10_000)),
      suite: `s${index}`,
    }));
    const text = testSummary('t', cases, failedTests(cases, ground), []);
    expect(text.length).toBeLessThan(400_000);
    expect(text).toContain('| 2900 more | 0 | 2900 | 0 |');
    expect(text).toContain('2950 more failed tests');
  });

  it.each([
    [{ passed: 0, failed: 0, skipped: 0 }, 'No tests in the results'],
    [{ passed: 1, failed: 0, skipped: 0 }, '1 test passed'],
    [{ passed: 2, failed: 0, skipped: 1 }, '2 tests passed, 1 skipped'],
    [{ passed: 2, failed: 1, skipped: 1 }, '1 of 4 tests failed, 1 skipped'],
  ])('says of %j: %s', (counts, headline) => {
    expect(testsHeadline({ ...counts, seconds: 0 })).toBe(headline);
  });
});

describe('annotations of tests', () => {
  it('are as many as the runner shows, those with a line first', () => {
    const lost = Array.from({ length: 12 }, (_, index) => failing(`lost ${index}`));
    const placed = failing('placed', 'at f (/home/runner/work/shop/shop/a.js:4:1)');
    const shown = testAnnotations(failedTests([...lost, placed], ground));
    expect(shown).toHaveLength(10);
    expect(shown[0]).toMatchObject({ title: 'placed', path: 'a.js', startLine: 4, level: 'error' });
  });
});

import { codeBlock, escapeMarkdown, inlineCode, table } from '../../../../toolkit/summary/markdown.ts';
import type { TestCase } from './junit.ts';
import type { FailedTest } from './failed-tests.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
}

export function countsOf(cases: readonly TestCase[]): Counts {
  const of = (kind: TestCase['outcome']['kind']): number =>
    cases.filter(({ outcome }) => outcome.kind === kind).length;
  const seconds = cases.reduce((sum, test) => sum + test.seconds, 0);
  return { passed: of('passed'), failed: of('failed'), skipped: of('skipped'), seconds };
}

/** One sentence: `2 of 13 tests failed, 1 was skipped`. */
export function testsHeadline({ passed, failed, skipped }: Counts): string {
  const total = passed + failed + skipped;
  if (total === 0) return 'No tests in the results';
  const rest = skipped === 0 ? '' : `, ${skipped} skipped`;
  if (failed > 0) return `${failed} of ${total} tests failed${rest}`;
  return passed === 1 ? `1 test passed${rest}` : `${passed} tests passed${rest}`;
}

/** Rows of suites and failures in full; the rest is counted. */
const [mostSuites, mostFailures] = [100, 50];
const longestDetails = 4_000;

/** The tests for people: how many, by suite, and why each of the failed ones failed. */
export function testSummary(
  title: string,
  cases: readonly TestCase[],
  failed: readonly FailedTest[],
  problems: readonly string[],
): string {
  const counts = countsOf(cases);
  return [
    `## ${iconOf(counts)} ${escapeMarkdown(title)}: ${testsHeadline(counts)}`,
    ...problems.map((problem) => `> [!WARNING]\n> ${escapeMarkdown(problem)}`),
    ...(cases.length === 0 ? [] : [suiteTable(cases)]),
    ...failed.slice(0, mostFailures).map(failureText),
    ...(failed.length > mostFailures
      ? [`${failed.length - mostFailures} more failed tests are in the log.`]
      : []),
  ].join('\n\n');
}

function iconOf({ passed, failed }: Counts): string {
  if (failed > 0) return '❌';
  return passed > 0 ? '✅' : '⚠️';
}

function suiteTable(cases: readonly TestCase[]): string {
  const bySuite = new Map<string, TestCase[]>();
  for (const test of cases) {
    const own = bySuite.get(test.suite);
    if (own === undefined) bySuite.set(test.suite, [test]);
    else own.push(test);
  }
  const suites = [...bySuite].map(([suite, own]) => ({ suite, ...countsOf(own) }));
  // Stable: the failed first, the others as the runner told them.
  suites.sort((a, b) => Number(b.failed > 0) - Number(a.failed > 0));
  const row = (name: string, of: Counts): string[] => [
    name,
    ...[of.passed, of.failed, of.skipped].map(String),
    `${of.seconds.toFixed(of.seconds < 10 ? 1 : 0)} s`,
  ];
  const shown = suites.slice(0, mostSuites).map((suite) => row(escapeMarkdown(suite.suite || '–'), suite));
  const names = new Set(suites.slice(mostSuites).map(({ suite }) => suite));
  const others = cases.filter(({ suite }) => names.has(suite));
  const rest = names.size === 0 ? [] : [row(`${names.size} more`, countsOf(others))];
  return table(['suite', 'passed', 'failed', 'skipped', 'time'], [...shown, ...rest]);
}

function failureText({ name, place, message, details }: FailedTest): string {
  const where = place === undefined ? '' : ` in ${inlineCode(`${place.path}:${place.line}`)}`;
  const text = details === '' ? message : details;
  return `**${escapeMarkdown(name)}**${where}\n\n${codeBlock(text.slice(0, longestDetails), 'text')}`;
}

import { UserError } from '../../../../toolkit/action/errors.ts';
import { parseXml, type XmlElement } from './parse-xml.ts';

export interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds: number;
  readonly outcome: TestOutcome;
}

export type TestOutcome =
  { readonly kind: 'passed' } | { readonly kind: 'skipped' } | ({ readonly kind: 'failed' } & Failure);

export interface Failure {
  readonly message: string;
  /** What the runner wrote below the message: mostly a stack. */
  readonly details: string;
  /** The file of the test as the runner names it; '' when it does not. */
  readonly file: string;
  readonly line: number | undefined;
}

/**
 * The cases of a JUnit XML file, in the dialects of Jest, Mocha, Node.js, Cypress and pytest: nobody ever wrote the
 * format down, so only what all agree on is read, and counts are made from the cases. Throws E_CONFIG.
 */
export function parseJUnit(text: string): TestCase[] {
  const root = parseXml(text.replace(/^\uFEFF/, ''));
  if (root.name !== 'testsuites' && root.name !== 'testsuite') {
    throw new UserError(
      'E_CONFIG',
      `its root is <${root.name.slice(0, 40)}>, not <testsuites> or <testsuite>`,
      'let the test runner write JUnit XML',
    );
  }
  return casesOf(root, { suite: '', file: '' });
}

interface Suite {
  readonly suite: string;
  readonly file: string;
}

function casesOf(element: XmlElement, within: Suite): TestCase[] {
  if (element.name === 'testcase') return [caseOf(element, within)];
  if (element.name !== 'testsuite' && element.name !== 'testsuites') return [];
  const { name = '', file = '', filepath = '' } = element.attributes;
  const suite = element.name === 'testsuites' ? within.suite : name.trim() || within.suite;
  const inner = { suite, file: file || filepath || within.file };
  const cases = element.children.flatMap((child) => casesOf(child, inner));
  // A suite that broke before its first test may have the failure itself.
  const own = outcomeOf(element, inner.file);
  return cases.length === 0 && own.kind === 'failed'
    ? [{ suite, name: suite, seconds: 0, outcome: own }]
    : cases;
}

function caseOf(element: XmlElement, { suite, file }: Suite): TestCase {
  const { name = '', classname = '', time = '' } = element.attributes;
  const seconds = Number(time.replaceAll(',', ''));
  return {
    suite: suite || classname.trim(),
    name: fullName(name.trim(), classname.trim()),
    seconds: seconds > 0 && seconds < Infinity ? seconds : 0,
    outcome: outcomeOf(element, element.attributes.file ?? element.attributes.filepath ?? file),
  };
}

/** Some runners put the whole name into both, some the suite into the class; Node.js calls every class `test`. */
function fullName(name: string, classname: string): string {
  return classname === 'test' || name.includes(classname) ? name : `${classname} › ${name}`;
}

function outcomeOf(element: XmlElement, file: string): TestOutcome {
  const failure = element.children.find(({ name }) => name === 'failure' || name === 'error');
  if (failure === undefined)
    return { kind: element.children.some(({ name }) => name === 'skipped') ? 'skipped' : 'passed' };
  const details = withoutColours(failure.text).trim();
  const line = Number(element.attributes.line);
  return {
    kind: 'failed',
    message: withoutColours(failure.attributes.message ?? '').trim() || (details.split('\n')[0] ?? ''),
    details,
    file,
    line: Number.isSafeInteger(line) && line > 0 ? line : undefined,
  };
}

/** Runners colour for terminals, also into files. */
function withoutColours(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/\u001B\[[\d;]*[A-Za-z]/g, '');
}

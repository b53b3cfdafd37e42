import { UserError } from '../../../toolkit/action/errors.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { readRepositoryPath } from '../../../toolkit/files/read-repository-path.ts';
import { linters } from './linters/table.ts';

export interface Inputs {
  /** Names in the order they run; undefined: by configuration files. */
  readonly linters: readonly string[] | undefined;
  /** Relative to the repository, `.` for its root. */
  readonly workingDirectory: string;
  readonly scope: 'auto' | 'changed' | 'all';
  readonly base: string;
  readonly failOn: 'error' | 'warning' | 'none';
  readonly newOnly: 'auto' | 'true' | 'false';
  readonly maxWarnings: number | undefined;
  readonly eslintVersion: string;
  readonly prettierVersion: string;
  readonly timeoutMs: number;
  readonly annotations: 'auto' | 'checks' | 'commands' | 'none';
  readonly comment: 'auto' | 'true' | 'false';
  readonly sarif: string;
  readonly token: string;
}

const tenMinutes = 600_000;

/** Reads and checks the inputs; every refusal is E_CONFIG. */
export function readInputs(reader: InputReader): Inputs {
  const inputs: Inputs = {
    linters: readLinters(reader),
    workingDirectory: readRepositoryPath('working-directory', reader.text('working-directory')),
    scope: reader.choice('scope', ['auto', 'changed', 'all']),
    base: reader.text('base'),
    failOn: reader.choice('fail-on', ['error', 'warning', 'none']),
    newOnly: reader.choice('new-only', ['auto', 'true', 'false']),
    maxWarnings: reader.number('max-warnings', { min: 0, max: 1e6 }),
    eslintVersion: exactVersion('eslint-version', reader.text('eslint-version')),
    prettierVersion: exactVersion('prettier-version', reader.text('prettier-version')),
    timeoutMs: reader.duration('timeout') ?? tenMinutes,
    annotations: reader.choice('annotations', ['auto', 'checks', 'commands', 'none']),
    comment: reader.choice('comment', ['auto', 'true', 'false']),
    sarif: reader.text('sarif'),
    token: reader.secret('github-token'),
  };
  reader.refuseUnknown();
  refuseContradictions(inputs);
  return inputs;
}

function readLinters(reader: InputReader): string[] | undefined {
  const names = reader.list('linters');
  if (names.length === 0 || (names.length === 1 && names[0] === 'auto')) return undefined;
  const known = linters.map((linter) => linter.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw refused(
      `input 'linters' names '${unknown}', expected auto or some of ${known.join(', ')}`,
      'linters',
    );
  }
  return [...new Set(names)];
}

function exactVersion(name: string, version: string): string {
  if (version !== '' && !/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw refused(`input '${name}' is '${version}', expected an exact version such as 10.15.0`, name);
  }
  return version;
}

function refuseContradictions(inputs: Inputs): void {
  for (const [name, given] of [
    ['annotations: checks', inputs.annotations === 'checks'],
    ['comment: true', inputs.comment === 'true'],
  ] as const) {
    if (given && inputs.token === '') throw refused(`'${name}' needs a token`, 'github-token');
  }
  if (inputs.linters !== undefined && inputs.eslintVersion !== '' && !inputs.linters.includes('eslint')) {
    throw refused("'eslint-version' is given, but 'linters' leaves eslint out", 'eslint-version');
  }
  if (inputs.linters !== undefined && inputs.prettierVersion !== '' && !inputs.linters.includes('prettier')) {
    throw refused("'prettier-version' is given, but 'linters' leaves prettier out", 'prettier-version');
  }
  if (inputs.maxWarnings !== undefined && !Number.isInteger(inputs.maxWarnings)) {
    throw refused("input 'max-warnings' is not a whole number", 'max-warnings');
  }
}

function refused(message: string, name: string): UserError {
  return new UserError('E_CONFIG', message, `correct '${name}' under 'with:' of the step`);
}

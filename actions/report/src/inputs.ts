import { UserError } from '../../../toolkit/action/errors.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { readRepositoryPath } from '../../../toolkit/files/read-repository-path.ts';
import { parseNeeds, type Needs } from './needs.ts';
import type { TestSource } from './tests/tell-tests.ts';

export interface Inputs {
  readonly source:
    | { readonly kind: 'needs'; readonly needs: Needs }
    | { readonly kind: 'results'; readonly file: string }
    | ({ readonly kind: 'tests' } & TestSource);
  readonly githubToken: string;
}

/** Reads and checks every input; throws E_CONFIG naming the input. */
export function readInputs(reader: InputReader): Inputs {
  const needs = reader.text('needs');
  const file = reader.text('results');
  const patterns = reader.list('test-results');
  const folder = readRepositoryPath('working-directory', reader.text('working-directory'));
  const title = reader.text('title');
  const githubToken = reader.secret('github-token');
  reader.refuseUnknown();
  if ([needs !== '', file !== '', patterns.length > 0].filter(Boolean).length !== 1) {
    throw new UserError(
      'E_CONFIG',
      "exactly one of 'needs', 'results' and 'test-results' is to be given",
      'give `needs: ${{ toJSON(needs) }}`, `results` in a workflow of the event workflow_run, or `test-results` after the tests',
    );
  }
  if (patterns.length > 0) return { source: { kind: 'tests', patterns, folder, title }, githubToken };
  const source =
    file === '' ? { kind: 'needs' as const, needs: parseNeeds(needs) } : { kind: 'results' as const, file };
  return { source, githubToken };
}

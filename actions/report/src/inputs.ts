import { UserError } from '../../../toolkit/action/errors.ts';
import type { InputReader } from '../../../toolkit/action/input-reader.ts';
import { parseNeeds, type Needs } from './needs.ts';

export interface Inputs {
  readonly source:
    { readonly kind: 'needs'; readonly needs: Needs } | { readonly kind: 'results'; readonly file: string };
  readonly githubToken: string;
}

/** Reads and checks every input; throws E_CONFIG naming the input. */
export function readInputs(reader: InputReader): Inputs {
  const needs = reader.text('needs');
  const file = reader.text('results');
  const githubToken = reader.secret('github-token');
  reader.refuseUnknown();
  if ((needs === '') === (file === '')) {
    throw new UserError(
      'E_CONFIG',
      "exactly one of 'needs' and 'results' is to be given",
      'give `needs: ${{ toJSON(needs) }}`, or `results` in a workflow of the event workflow_run',
    );
  }
  const source =
    file === '' ? { kind: 'needs' as const, needs: parseNeeds(needs) } : { kind: 'results' as const, file };
  return { source, githubToken };
}

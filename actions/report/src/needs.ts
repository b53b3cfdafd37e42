import * as v from 'valibot';
import { UserError } from '../../../toolkit/action/errors.ts';

const schema = v.record(
  v.string(),
  v.object({
    result: v.picklist(['success', 'failure', 'cancelled', 'skipped']),
    outputs: v.nullish(v.record(v.string(), v.nullish(v.string(), '')), {}),
  }),
);

/** The `needs` context of a job: job id → how it ended and what it put out. */
export type Needs = v.InferOutput<typeof schema>;
export type Need = Needs[string];

/** Reads `toJSON(needs)`; throws E_CONFIG when it is none. */
export function parseNeeds(text: string): Needs {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw refused('is not JSON');
  }
  const result = v.safeParse(schema, data);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw refused(`holds ${v.getDotPath(issue) ?? 'something'}: ${issue.message}`);
}

function refused(problem: string): UserError {
  return new UserError('E_CONFIG', `input 'needs' ${problem}`, 'give it as `needs: ${{ toJSON(needs) }}`');
}

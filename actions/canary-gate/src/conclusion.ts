import type { Conclusion } from '../../../toolkit/action/run-action.ts';
import { assertNever } from '../../../toolkit/action/errors.ts';
import type { Inputs } from './inputs.ts';
import type { Verdict } from './verdict.ts';

/** How the step ends. The verdict itself is never rewritten: `on-inconclusive` says only what the job makes of it. */
export function conclude(
  verdict: Verdict,
  { failOnVerdict, onInconclusive }: Pick<Inputs, 'failOnVerdict' | 'onInconclusive'>,
): Conclusion {
  const failed = (): Conclusion =>
    failOnVerdict
      ? { conclusion: 'failure', message: `E_GATE: canary ${verdict.kind}: ${verdict.reason}` }
      : { conclusion: 'success' };
  switch (verdict.kind) {
    case 'pass':
      return { conclusion: 'success' };
    case 'fail':
      return failed();
    case 'inconclusive':
      return onInconclusive === 'fail' ? failed() : { conclusion: 'success' };
    default:
      return assertNever(verdict);
  }
}

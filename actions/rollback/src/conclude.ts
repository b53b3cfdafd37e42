import { UserError } from '../../../toolkit/action/errors.ts';
import { stopError, type Outcome } from './carry-out.ts';
import type { Histories } from './histories.ts';
import type { Decision, Held, Unchanged } from './plan.ts';
import { failedReport, restingRow, stepRow } from './report.ts';
import type { Session } from './session.ts';
import type { RollbackReport, Row } from './summary.ts';

/** What is told to people, and the error that makes the step fail. */
export interface Result {
  readonly report: RollbackReport;
  readonly error?: Error;
}

/** What came of the steps that were tried, and of the releases that were held back from the start. */
export function conclude(
  session: Session,
  decision: Extract<Decision, { kind: 'go' }>,
  histories: Histories,
  outcome: Outcome,
): Result {
  const rows = [
    ...outcome.done.map(({ step, revision }) =>
      stepRow(step, histories, 'done', `now revision ${revision.revision}`),
    ),
    ...outcome.left.map((step) => stepRow(step, histories, 'left')),
    ...resting(decision),
  ];
  if (outcome.failure !== undefined) return failed(session, stopError(outcome), rows);
  const grave = decision.held.find(({ code }) => code !== undefined);
  const back = outcome.done.map(({ step }) => step.release.name).join(', ');
  if (grave?.code !== undefined) {
    const message = `rolled back: ${back}; held back: ${grave.release.name}, for ${grave.why}`;
    const hint = `back up its data, then roll it back by name with \`allow-stateful: ${grave.release.name}\``;
    return failed(session, new UserError(grave.code, message, hint), rows);
  }
  return finish(session, 'rolled-back', `rolled back ${back}`, rows);
}

/** Nothing to do, or refused before anything changed. */
export function settle(session: Session, decision: Exclude<Decision, { kind: 'go' }>): Result {
  if (decision.kind === 'refused') throw new UserError(decision.code, decision.message, decision.hint);
  const rows = resting({ held: [], unchanged: decision.unchanged });
  return finish(session, 'nothing', `nothing to do: ${decision.why}`, rows);
}

function failed(session: Session, error: unknown, rows: readonly Row[]): Result {
  return { report: failedReport(session, error, rows), error: asError(error) };
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

export function finish(
  { ports, place, reason }: Session,
  outcome: 'rolled-back' | 'preview' | 'nothing',
  headline: string,
  rows: readonly Row[],
): Result {
  ports.log.info(headline);
  const { environment, namespace } = place;
  return { report: { outcome, environment, namespace, headline, details: '', reason, rows } };
}

export function resting({
  held,
  unchanged,
}: {
  held: readonly Held[];
  unchanged: readonly Unchanged[];
}): Row[] {
  return [
    ...held.map(({ release, why }) => restingRow(release, 'held', why)),
    ...unchanged.map(({ release, why }) => restingRow(release, 'unchanged', why)),
  ];
}

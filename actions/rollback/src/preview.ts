import { finish, resting, settle, type Result } from './conclude.ts';
import { decideFrom } from './decide-from.ts';
import { historyOf, manifestOf, type Observation } from './observe.ts';
import { stepRow } from './report.ts';
import { requireAllowed } from './require-allowed.ts';
import type { Session } from './session.ts';
import { compareWithLive } from './verify.ts';

/** Shows what a rollback would do. Nothing changes, and no lock is taken. */
export async function preview(session: Session, observation: Observation): Promise<Result> {
  const decision = await decideFrom(session, observation);
  if (decision.kind !== 'go') return settle(session, decision);
  const { kubernetes } = session.cluster;
  await requireAllowed(kubernetes, session.inputs.mode, decision.steps, observation.histories);
  const rows = await Promise.all(
    decision.steps.map(async (step) => {
      const history = historyOf(observation.histories, step.release);
      const target = manifestOf(history, step.target.to.revision);
      // Helm's own dry run renders nothing. What the server refuses is better known now.
      const changes = await compareWithLive({ kubernetes, release: step.release, target });
      const note = `${changes.length} live fields would change, says the server`;
      return stepRow(step, observation.histories, 'planned', note);
    }),
  );
  const names = decision.steps.map(
    ({ release, target }) => `${release.name} to revision ${target.to.revision}`,
  );
  return finish(session, 'preview', `would roll back ${names.join(', ')}`, [...rows, ...resting(decision)]);
}

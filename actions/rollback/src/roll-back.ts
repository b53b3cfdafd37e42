import { UserError } from '../../../toolkit/action/errors.ts';
import { preflight } from '../../../toolkit/cluster/preflight.ts';
import { runLookup } from '../../../toolkit/cluster/run-in-progress.ts';
import { withLocks } from '../../../toolkit/cluster/with-locks.ts';
import { unstick } from '../../../toolkit/helm/unstick.ts';
import { boundary } from './boundary.ts';
import { carryOut } from './carry-out.ts';
import { conclude, settle, type Result } from './conclude.ts';
import { decideFrom } from './decide-from.ts';
import { observe, type Observation } from './observe.ts';
import { closeOpenPlan, writePlan } from './plan-record.ts';
import { requireAllowed } from './require-allowed.ts';
import { helmReleases, touchedNamespaces } from './scope.ts';
import type { Session } from './session.ts';

/** Takes the lock, mends what a dead run left, plans, and does it. */
export async function rollBack(session: Session, before: Observation): Promise<Result> {
  const { ports, cluster, place, inputs } = session;
  const waiting = { waitMs: inputs.timeoutMs, isInProgress: runLookup(ports, inputs.githubToken) };
  const namespaces = touchedNamespaces(before.scope, place.namespace);
  await preflight(
    cluster.kubernetes,
    namespaces.filter((namespace) => namespace !== place.namespace),
  );
  ports.state.save('releases', JSON.stringify(helmReleases(before.scope)));
  const result = await withLocks(ports, cluster, namespaces, waiting, (signal) => {
    boundary('locked', ports.env);
    return underLock(session, new Set(namespaces), signal);
  });
  boundary('unlocked', ports.env);
  return result;
}

async function underLock(
  session: Session,
  locked: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Result> {
  const { ports, cluster, place } = session;
  const found = await observe(cluster, place, session.inputs);
  if (touchedNamespaces(found.scope, place.namespace).some((namespace) => !locked.has(namespace))) {
    throw new UserError(
      'E_CONFLICT',
      `another deploy of ${place.environment} came while this waited for the lock, with releases in other namespaces`,
      'run the rollback again, if that deploy is to go back too',
    );
  }
  ports.state.save('releases', JSON.stringify(helmReleases(found.scope)));
  const observation = await mend(session, found);
  boundary('unstuck', ports.env);
  const decision = await decideFrom(session, observation);
  if (decision.kind === 'nothing') await closeOpenPlan(session, observation);
  if (decision.kind !== 'go') return settle(session, decision);

  await requireAllowed(cluster.kubernetes, session.inputs.mode, decision.steps, observation.histories);
  const plan = await writePlan(session, observation, decision);
  boundary('planned', ports.env);
  const { inputs } = session;
  const { histories, ledger } = observation;
  const work = { ports, cluster, inputs, place, histories, ledger, plan, signal };
  const outcome = await carryOut(work, decision.steps);
  return conclude(session, decision, histories, outcome);
}

/** Releases that a dead process left pending are failed ones: Helm refuses to touch them otherwise. */
async function mend(session: Session, observation: Observation): Promise<Observation> {
  const { cluster, ports, place, inputs } = session;
  const ours = new Set(helmReleases(observation.scope));
  const histories = new Map([...observation.histories].filter(([key]) => ours.has(key)));
  const mended = await unstick(cluster.helm, histories, 'the run that worked on it ended');
  if (mended.length === 0) return observation;
  for (const { name, revision, status } of mended)
    ports.log.warning(`${name}: revision ${revision} was left ${status}: marked failed`);
  return observe(cluster, place, inputs);
}

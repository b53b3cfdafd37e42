import { UserError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import { preflight } from '../../../toolkit/cluster/preflight.ts';
import { runLookup } from '../../../toolkit/cluster/run-in-progress.ts';
import { withLocks } from '../../../toolkit/cluster/with-locks.ts';
import { unstick } from '../../../toolkit/helm/unstick.ts';
import type { Ledger, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import { boundary } from './boundary.ts';
import { carryOut, stopError } from './carry-out.ts';
import type { Inputs } from './inputs.ts';
import { historyOf, manifestOf, observe, weigh, type Observation } from './observe.ts';
import type { Place } from './place.ts';
import { decide, makePlan, planId, type Decision, type Held, type Step, type Unchanged } from './plan.ts';
import { closePlan, openPlan, setStep } from './record.ts';
import { helmReleases, touchedNamespaces } from './scope.ts';
import { requireAllowed } from './require-allowed.ts';
import { failedReport, restingRow, stepRow } from './report.ts';
import type { RollbackReport, Row } from './summary.ts';
import { compareWithLive } from './verify.ts';

export interface Session {
  readonly ports: ActionPorts;
  readonly cluster: ClusterPorts;
  readonly inputs: Inputs;
  readonly place: Place;
  readonly reason: string;
}

/** What is told to people, and the error that makes the step fail. */
export interface Result {
  readonly report: RollbackReport;
  readonly error?: Error;
}

/** Shows what a rollback would do. Nothing changes, and no lock is taken. */
export async function preview(session: Session): Promise<Result> {
  const observation = await observe(session.cluster, session.place, session.inputs);
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

/** Takes the lock, mends what a dead run left, plans, and does it. */
export async function rollBack(session: Session): Promise<Result> {
  const { ports, cluster, place, inputs } = session;
  const waiting = { waitMs: inputs.timeoutMs, isInProgress: runLookup(ports, inputs.githubToken) };
  const before = await observe(cluster, place, inputs);
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

  const rows = [
    ...outcome.done.map(({ step, revision }) =>
      stepRow(step, histories, 'done', `now revision ${revision.revision}`),
    ),
    ...outcome.left.map((step) => stepRow(step, histories, 'left')),
    ...resting(decision),
  ];
  if (outcome.failure !== undefined) return fail(session, stopError(outcome), rows);
  const grave = decision.held.find(({ code }) => code !== undefined);
  const back = outcome.done.map(({ step }) => step.release.name).join(', ');
  if (grave?.code !== undefined) {
    const message = `rolled back: ${back}; held back: ${grave.release.name}, for ${grave.why}`;
    const hint = `back up its data, then roll it back by name with \`allow-stateful: ${grave.release.name}\``;
    return fail(session, new UserError(grave.code, message, hint), rows);
  }
  return finish(session, 'rolled-back', `rolled back ${back}`, rows);
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

async function decideFrom({ cluster, inputs, place }: Session, observation: Observation): Promise<Decision> {
  const { scope } = observation;
  if (scope.kind === 'none') {
    return {
      kind: 'refused',
      code: 'E_NO_TARGET',
      message: scope.why,
      hint: 'name a release with `release`',
    };
  }
  if (scope.kind === 'overtaken') {
    return {
      kind: 'refused',
      code: 'E_OVERTAKEN',
      message: scope.why,
      hint: 'nothing, when the newer deploy is a good one; else roll that one back',
    };
  }
  const candidates = await weigh(cluster.kubernetes, observation, scope.releases, inputs);
  return decide(candidates, { ...inputs, isWholeDeploy: scope.isWholeDeploy }, place.namespace);
}

async function writePlan(
  session: Session,
  { ledger, scope }: Observation,
  decision: Extract<Decision, { kind: 'go' }>,
): Promise<RollbackPlan> {
  const { ports, cluster, place, inputs, reason } = session;
  const entry = scope.kind === 'scope' ? scope.entry : undefined;
  const id = planId(entry, decision.steps, inputs.revision);
  const earlier = ledger.plans.find((plan) => plan.id === id);
  if (earlier?.state === 'open') ports.log.info(`going on with the plan ${id} of ${earlier.createdAt}`);
  refuseSecondAutomatic(ledger, id, session);
  const now = new Date(ports.clock.now()).toISOString();
  const about = {
    entryId: entry?.id ?? '',
    reason,
    runUrl: runUrlOf(ports.github),
    isAutomatic: !place.isManual,
    now,
  };
  const plan = makePlan(id, decision, about, earlier);
  const badSha = badCommit(entry?.gitSha ?? '', decision.steps);
  const [first] = decision.steps;
  await cluster.ledger.update(place.namespace, place.environment, (current) => {
    const opened = openPlan(current, plan, badSha);
    return first === undefined ? opened : setStep(opened, id, first.release, 'doing', '', now);
  });
  return plan;
}

/** All was done, and the run died before it said so. */
async function closeOpenPlan(
  { ports, cluster, place, inputs }: Session,
  { ledger, scope }: Observation,
): Promise<void> {
  const entry = scope.kind === 'scope' ? scope.entry : undefined;
  const id = planId(entry, [], inputs.revision);
  if (!ledger.plans.some((plan) => plan.id === id && plan.state === 'open')) return;
  const now = new Date(ports.clock.now()).toISOString();
  await cluster.ledger.update(place.namespace, place.environment, (current) => closePlan(current, id, now));
}

/** A commit that is also the target's is not bad: only its configuration was. */
function badCommit(gitSha: string, steps: readonly Step[]): string {
  return steps.some(({ target }) => target.gitSha === gitSha) ? '' : gitSha;
}

/** One run deploys once; that it has to go back twice means that something else is wrong. */
function refuseSecondAutomatic(ledger: Ledger, id: string, { place, ports }: Session): void {
  const runUrl = runUrlOf(ports.github);
  if (place.isManual || runUrl === '') return;
  const other = ledger.plans.find(
    (plan) => plan.automatic && plan.state === 'done' && plan.runUrl === runUrl && plan.id !== id,
  );
  if (other === undefined) return;
  throw new UserError(
    'E_NO_TARGET',
    `this run has rolled back automatically once already (${other.id})`,
    'look at both deploys, then roll back by hand with `workflow_dispatch`',
  );
}

/** Nothing to do, or refused before anything changed. */
function settle(session: Session, decision: Exclude<Decision, { kind: 'go' }>): Result {
  if (decision.kind === 'refused') throw new UserError(decision.code, decision.message, decision.hint);
  const rows = resting({ held: [], unchanged: decision.unchanged });
  return finish(session, 'nothing', `nothing to do: ${decision.why}`, rows);
}

function fail(session: Session, error: unknown, rows: readonly Row[]): Result {
  return { report: failedReport(session, error, rows), error: asError(error) };
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function finish(
  { ports, place, reason }: Session,
  outcome: 'rolled-back' | 'preview' | 'nothing',
  headline: string,
  rows: readonly Row[],
): Result {
  ports.log.info(headline);
  const { environment, namespace } = place;
  return { report: { outcome, environment, namespace, headline, details: '', reason, rows } };
}

function resting({ held, unchanged }: { held: readonly Held[]; unchanged: readonly Unchanged[] }): Row[] {
  return [
    ...held.map(({ release, why }) => restingRow(release, 'held', why)),
    ...unchanged.map(({ release, why }) => restingRow(release, 'unchanged', why)),
  ];
}

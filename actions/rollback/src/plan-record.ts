import { UserError } from '../../../toolkit/action/errors.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { Ledger, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import type { Observation } from './observe.ts';
import { makePlan, planId, type Decision, type Step } from './plan.ts';
import { closePlan, openPlan, setStep } from './record.ts';
import type { Session } from './session.ts';

/** Writes the plan before anything changes, or takes up the one of a run that died. */
export async function writePlan(
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
export async function closeOpenPlan(
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

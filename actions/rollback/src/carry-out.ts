import { describeError } from '../../../toolkit/action/describe-error.ts';
import { ToolError, UserError, type ErrorCode } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { runUrlOf, type ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { isPending } from '../../../toolkit/helm/release-secret.ts';
import type { Ledger, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import { nameOf } from '../../../toolkit/manifests/manifest-object.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import { boundary } from './boundary.ts';
import { failedHook } from './failed-hook.ts';
import type { Inputs } from './inputs.ts';
import { historyOf, manifestOf, type Histories } from './observe.ts';
import type { Place } from './place.ts';
import type { Step } from './plan.ts';
import { closePlan, recordDrift, recordRelease, setStep } from './record.ts';
import { remainingWorkloads, undoWorkloads } from './undo-workloads.ts';
import { verifyRollback, waitUntilHealthy } from './verify.ts';

export interface Work {
  readonly ports: ActionPorts;
  readonly cluster: ClusterPorts;
  readonly inputs: Inputs;
  readonly place: Place;
  readonly histories: Histories;
  /** As it was when the plan was made. */
  readonly ledger: Ledger;
  readonly plan: RollbackPlan;
  /** Aborts when the run is cancelled or the lock is lost. */
  readonly signal: AbortSignal;
}

export interface Outcome {
  readonly done: readonly { readonly step: Step; readonly revision: ReleaseRevision }[];
  readonly left: readonly Step[];
  /** Why it stopped; undefined when all steps are done. */
  readonly failure: unknown;
}

/** Does the steps in their order and stops at the first failure; the ledger follows each step. */
export async function carryOut(work: Work, steps: readonly Step[]): Promise<Outcome> {
  const done: { step: Step; revision: ReleaseRevision }[] = [];
  for (const [index, step] of steps.entries()) {
    try {
      const revision = await rollRelease(work, step);
      done.push({ step, revision });
      await noteDone(work, step, revision, steps[index + 1]);
      boundary('noted', work.ports.env);
    } catch (failure) {
      await noteFailure(work, step, failure).catch(() => undefined);
      const isRecorded = done.some((item) => item.step === step);
      return { done, left: steps.slice(isRecorded ? index + 1 : index), failure };
    }
  }
  await update(work, (ledger, now) => closePlan(ledger, work.plan.id, now));
  boundary('recorded', work.ports.env);
  return { done, left: [], failure: undefined };
}

function rollRelease(work: Work, step: Step): Promise<ReleaseRevision> {
  switch (work.inputs.mode) {
    case 'helm':
      return rollByHelm(work, step);
    case 'workloads':
      return rollWorkloads(work, step);
  }
}

/** The workloads alone: Helm's record stays as it is and no longer tells what runs. */
async function rollWorkloads(work: Work, step: Step): Promise<ReleaseRevision> {
  const { cluster, ports, inputs, signal } = work;
  const { name, namespace } = step.release;
  const { kubernetes } = cluster;
  signal.throwIfAborted();
  const undone = await undoWorkloads({ kubernetes, log: ports.log }, work.ledger, step);
  boundary('rolled', ports.env);
  const history = historyOf(work.histories, step.release);
  const names = new Set(undone.map((workload) => `${workload.kind}/${workload.name}`));
  await waitUntilHealthy({
    ...cluster,
    clock: ports.clock,
    log: ports.log,
    release: step.release,
    target: manifestOf(history, step.target.from.revision).filter((object) => names.has(nameOf(object))),
    timeoutMs: inputs.timeoutMs,
    allowPodDelete: inputs.allowPodDelete,
    signal,
  });
  const [other] = await remainingWorkloads(kubernetes, namespace, undone);
  if (other !== undefined) {
    throw new UserError(
      'E_ROLLBACK_UNHEALTHY',
      `${other.kind}/${other.name} of ${name} went on to another template than ${other.template}`,
      'look who else changes it, and run the rollback again',
    );
  }
  boundary('verified', ports.env);
  const current = (await cluster.helm.history(name, namespace)).at(-1);
  if (current === undefined) throw new Error(`${name} has no revision`);
  return current;
}

async function rollByHelm(work: Work, step: Step): Promise<ReleaseRevision> {
  const { cluster, ports, inputs, signal } = work;
  const { name, namespace } = step.release;
  const { from, to } = step.target;
  const history = historyOf(work.histories, step.release);
  ports.log.info(`${name}: revision ${from.revision} → the manifest of revision ${to.revision}`);
  signal.throwIfAborted();
  if (!step.target.isApplied) await helmRollback(work, step, history);
  boundary('rolled', ports.env);

  await verifyRollback({
    kubernetes: cluster.kubernetes,
    clock: ports.clock,
    log: ports.log,
    release: step.release,
    target: manifestOf(history, to.revision),
    givenUp: history
      .filter(
        ({ revision, manifestSha256 }) => revision > to.revision && manifestSha256 !== to.manifestSha256,
      )
      .flatMap(({ manifest }) => parseManifests(manifest)),
    timeoutMs: inputs.timeoutMs,
    allowPodDelete: inputs.allowPodDelete,
    signal,
  });
  boundary('verified', ports.env);

  const current = (await cluster.helm.history(name, namespace)).at(-1);
  if (current?.status !== 'deployed' || current.manifestSha256 !== to.manifestSha256) {
    throw new UserError(
      'E_ROLLBACK_UNHEALTHY',
      `${name} is at revision ${current?.revision ?? 0} (${current?.status ?? 'gone'}), whose manifest is not that of revision ${to.revision}`,
      `look who else deploys it: \`helm -n ${namespace} history ${name}\``,
    );
  }
  ports.log.info(
    `${name}: revision ${current.revision} is healthy, and its live objects are those of revision ${to.revision}`,
  );
  return current;
}

async function helmRollback(work: Work, step: Step, history: readonly ReleaseRevision[]): Promise<void> {
  const { name, namespace } = step.release;
  const { to } = step.target;
  await work.cluster.helm
    .rollback({
      release: name,
      namespace,
      revision: to.revision,
      timeoutMs: work.inputs.timeoutMs,
      // Nothing is pruned by going back: the next rollback may need it.
      historyMax: history.length + 10,
      // The health verdict here is faster and tells more; only hooks that come after need Helm itself to wait.
      wait: hasHook(history, to.revision, 'post-rollback'),
      force: false,
      signal: work.signal,
    })
    .catch((error: unknown) => afterHelm(work, step, error));
}

/** Helm did not get there: what it left pending is made failed, so that the next attempt can work, and hooks are shown. */
async function afterHelm(work: Work, step: Step, error: unknown): Promise<never> {
  const { cluster, ports } = work;
  const { name, namespace } = step.release;
  const current = (await cluster.helm.history(name, namespace)).at(-1);
  if (current !== undefined && isPending(current.status)) {
    await cluster.helm.markFailed(current, `Rollback to ${step.target.to.revision} did not end`);
  }
  const hooks = historyOf(work.histories, step.release).find(
    ({ revision }) => revision === step.target.to.revision,
  )?.hooks;
  // Helm 3 and 4 word it each in their own way; the Job itself says whether it was the hook.
  const failed = work.signal.aborted
    ? undefined
    : await failedHook(cluster.kubernetes, namespace, hooks ?? []);
  if (failed === undefined || !(error instanceof ToolError)) throw error;
  for (const line of failed.lines) ports.log.raw(line);
  throw new UserError(
    'E_ROLLBACK_HOOK',
    `the rollback hook Job/${failed.name} of ${name} ${failed.why}`,
    'read its log above, mend what it complains about, and run the rollback again: it goes on from here',
    { cause: error },
  );
}

function hasHook(history: readonly ReleaseRevision[], revision: number, event: string): boolean {
  const hooks = history.find((candidate) => candidate.revision === revision)?.hooks ?? [];
  return hooks.some(({ events }) => events.includes(event));
}

async function noteDone(
  work: Work,
  step: Step,
  revision: ReleaseRevision,
  next: Step | undefined,
): Promise<void> {
  const { ports, plan } = work;
  const actor = ports.github.actor;
  const runUrl = runUrlOf(ports.github);
  await update(work, (ledger, now) => {
    const rolled = { step, revision, actor, runUrl, now };
    const recorded =
      work.inputs.mode === 'workloads'
        ? recordDrift(ledger, plan.id, rolled)
        : recordRelease(ledger, plan.id, rolled);
    return next === undefined ? recorded : setStep(recorded, plan.id, next.release, 'doing', '', now);
  });
}

async function noteFailure(work: Work, step: Step, failure: unknown): Promise<void> {
  const note = describeError(failure).message.split('\n')[0] ?? '';
  await update(work, (ledger, now) => setStep(ledger, work.plan.id, step.release, 'failed', note, now));
}

async function update(work: Work, change: (ledger: Ledger, now: string) => Ledger): Promise<void> {
  const { namespace, environment } = work.place;
  const now = new Date(work.ports.clock.now()).toISOString();
  await work.cluster.ledger.update(namespace, environment, (ledger) => change(ledger, now));
}

/** The error of a rollback that stopped: in the middle of several it is a partial one, that says what is left. */
export function stopError(outcome: Outcome): unknown {
  const { done, left, failure } = outcome;
  if (done.length === 0 || left.length === 0) return failure;
  const names = (steps: readonly Step[]): string => steps.map(({ release }) => release.name).join(', ');
  const { title, message } = describeError(failure);
  const code: ErrorCode = title === 'E_CANCELLED' ? 'E_CANCELLED' : 'E_PARTIAL';
  return new UserError(
    code,
    `rolled back: ${names(done.map(({ step }) => step))}; left: ${names(left)}; because ${message.split('\n')[0] ?? ''}`,
    'mend the cause and run the same rollback again: it goes on with what is left',
    { cause: failure },
  );
}

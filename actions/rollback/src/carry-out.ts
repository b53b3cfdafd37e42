import { describeError } from '../../../toolkit/action/describe-error.ts';
import { UserError, type ErrorCode } from '../../../toolkit/action/errors.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { Ledger } from '../../../toolkit/ledger/ledger.ts';
import { boundary } from './boundary.ts';
import type { Step } from './plan.ts';
import { closePlan, recordDrift, recordRelease, setStep } from './record.ts';
import { rollRelease } from './roll-release.ts';
import type { Work } from './work.ts';

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

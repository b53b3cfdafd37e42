import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { addBad, changeEntry, putEntry, putPlan } from '../../../toolkit/ledger/ledger-edit.ts';
import type {
  Ledger,
  LedgerEntry,
  LedgerRelease,
  RollbackPlan,
  StepState,
} from '../../../toolkit/ledger/ledger.ts';
import type { Step } from './plan.ts';

/** Pure changes of the ledger that a rollback makes, in their order. Times are RFC 3339. */

/** Before anything changes: the plan, and the commit that is rolled away from as a bad one. */
export function openPlan(ledger: Ledger, plan: RollbackPlan, badSha: string): Ledger {
  const planned = putPlan(ledger, plan);
  if (badSha === '') return planned;
  return addBad(planned, { gitSha: badSha, since: plan.updatedAt, reason: plan.reason, planId: plan.id });
}

/** A step has begun, failed or is done. */
export function setStep(
  ledger: Ledger,
  planId: string,
  release: { readonly name: string; readonly namespace: string },
  state: StepState,
  note: string,
  now: string,
): Ledger {
  const plan = ledger.plans.find(({ id }) => id === planId);
  if (plan === undefined) return ledger;
  return putPlan(ledger, {
    ...plan,
    updatedAt: now,
    steps: plan.steps.map((step) =>
      step.release === release.name && step.namespace === release.namespace ? { ...step, state, note } : step,
    ),
  });
}

export interface RolledBack {
  readonly step: Step;
  /** The revision Helm made by going back. */
  readonly revision: ReleaseRevision;
  readonly actor: string;
  readonly runUrl: string;
  readonly now: string;
}

/**
 * A release is back and proved: what it went away from is no target any more, and the new revision is one, for
 * verification counts by revision and manifest.
 */
export function recordRelease(ledger: Ledger, planId: string, rolled: RolledBack): Ledger {
  const plan = ledger.plans.find(({ id }) => id === planId);
  if (plan === undefined) return ledger;
  const { step, revision, now } = rolled;
  const { name, namespace } = step.release;
  const isThis = (release: LedgerRelease): boolean =>
    release.name === name && release.namespace === namespace;
  const left = changeEntry(ledger, plan.entryId, now, (entry) => ({
    ...entry,
    releases: entry.releases.map((release) =>
      isThis(release) ? { ...release, phase: 'rolled-back' } : release,
    ),
  }));
  const before = left.entries.find(({ id }) => id === planId) ?? newEntry(plan, rolled, originOf(left, step));
  const others = before.releases.filter((release) => !isThis(release));
  const entry = { ...before, updatedAt: now, releases: [...others, releaseRecord(left, step, revision)] };
  return setStep(putEntry(left, entry), planId, step.release, 'done', '', now);
}

/** Only workloads are back: Helm still holds the revision that was rolled away from, and is marked as drifted. */
export function recordDrift(ledger: Ledger, planId: string, { step, now }: RolledBack): Ledger {
  const plan = ledger.plans.find(({ id }) => id === planId);
  if (plan === undefined) return ledger;
  const { name, namespace } = step.release;
  const drifted = changeEntry(ledger, plan.entryId, now, (entry) => ({
    ...entry,
    releases: entry.releases.map((release) =>
      release.name === name && release.namespace === namespace
        ? { ...release, phase: 'rolled-back', drifted: true }
        : release,
    ),
  }));
  return setStep(drifted, planId, step.release, 'done', 'workloads only', now);
}

/** All steps are done: the deploy counts as rolled back. */
export function closePlan(ledger: Ledger, planId: string, now: string): Ledger {
  const plan = ledger.plans.find(({ id }) => id === planId);
  if (plan === undefined) return ledger;
  const closed = putPlan(ledger, { ...plan, state: 'done', updatedAt: now });
  return changeEntry(closed, plan.entryId, now, (entry) => ({
    ...entry,
    phase: 'rolled-back',
    reason: plan.reason,
  }));
}

function newEntry(plan: RollbackPlan, rolled: RolledBack, origin: LedgerEntry | undefined): LedgerEntry {
  return {
    id: plan.id,
    startedAt: plan.createdAt,
    updatedAt: rolled.now,
    gitSha: origin?.gitSha ?? '',
    branch: origin?.branch ?? '',
    runUrl: rolled.runUrl,
    actor: rolled.actor,
    strategy: 'direct',
    phase: 'verified',
    releases: [],
    reason: plan.reason,
  };
}

function releaseRecord(ledger: Ledger, { release, target }: Step, revision: ReleaseRevision): LedgerRelease {
  const known = originOf(ledger, { release, target })?.releases.find(
    (other) => other.name === release.name && other.namespace === release.namespace,
  );
  return {
    name: release.name,
    namespace: release.namespace,
    kind: release.kind,
    chart: revision.chart,
    chartVersion: revision.chartVersion,
    revision: revision.revision,
    previousRevision: target.from.revision,
    manifestSha256: revision.manifestSha256,
    valuesSha256: revision.valuesSha256,
    images: known?.images ?? [],
    workloads: known?.workloads ?? [],
    phase: 'verified',
    needs: release.record?.needs ?? known?.needs ?? [],
  };
}

/** The deploy that made the target. */
function originOf(
  ledger: Ledger,
  { release, target }: Pick<Step, 'release' | 'target'>,
): LedgerEntry | undefined {
  return ledger.entries.findLast((entry) =>
    entry.releases.some(
      (record) =>
        record.name === release.name &&
        record.namespace === release.namespace &&
        record.revision === target.to.revision &&
        record.manifestSha256 === target.to.manifestSha256,
    ),
  );
}

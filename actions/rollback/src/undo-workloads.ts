import { UserError } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { keepOwners } from '../../../toolkit/kubernetes/keep-owners.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { recordOf } from '../../../toolkit/ledger/ledger-edit.ts';
import type { Ledger, LedgerWorkload } from '../../../toolkit/ledger/ledger.ts';
import type { Step } from './plan.ts';
import { planWorkloads, type WorkloadStep } from './workloads.ts';

const resources = [
  'deployments.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'replicasets.apps',
  'controllerrevisions.apps',
];

/** Takes the workloads of a release back to the pod templates of the target, and nothing else. Returns what it did. */
export async function undoWorkloads(
  { kubernetes, log }: { readonly kubernetes: KubernetesPort; readonly log: Log },
  ledger: Ledger,
  step: Step,
): Promise<readonly WorkloadStep[]> {
  const { name, namespace } = step.release;
  const live = await kubernetes.list({ resources, namespace });
  const plan = planWorkloads(recordedWorkloads(ledger, step), live, step.risks);
  const gone = plan.find(({ state }) => state === 'gone');
  if (gone !== undefined) {
    throw new UserError(
      'E_NO_TARGET',
      `${gone.kind}/${gone.name} of ${name} has no ${gone.template} any more, the pods' generation of revision ${step.target.to.revision}`,
      'roll the whole release back with `mode: helm`, or raise its revisionHistoryLimit for the next time',
    );
  }
  for (const { kind, name: workload, revision, state, template } of plan) {
    log.info(
      `${kind}/${workload}: ${state === 'undo' ? `back to ${template}, revision ${revision}` : state}`,
    );
    if (state !== 'undo') continue;
    const ref = { resource: `${kind.toLowerCase()}s.apps`, name: workload, namespace };
    await keepOwners(kubernetes, ref, () =>
      kubernetes.rolloutUndo({ kind, name: workload, namespace, revision }),
    );
  }
  return plan;
}

function recordedWorkloads(ledger: Ledger, { release, target }: Step): readonly LedgerWorkload[] {
  const { name, namespace } = release;
  const { revision, manifestSha256 } = target.to;
  const recorded = recordOf(ledger, { name, namespace, revision, manifestSha256 })?.workloads ?? [];
  if (recorded.length > 0) return recorded;
  throw new UserError(
    'E_NO_TARGET',
    `the ledger does not know which pods revision ${revision} of ${name} had`,
    'roll the whole release back with `mode: helm`',
  );
}

/** Whether every workload that was to go back is there by now. */
export async function remainingWorkloads(
  kubernetes: KubernetesPort,
  namespace: string,
  undone: readonly WorkloadStep[],
): Promise<WorkloadStep[]> {
  const live: readonly KubernetesObject[] = await kubernetes.list({ resources, namespace });
  const wanted = undone.filter(({ state }) => state !== 'held');
  return planWorkloads(wanted, live, []).filter(({ state }) => state !== 'in-place');
}

import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import type { LedgerWorkload } from '../../../toolkit/ledger/ledger.ts';
import { at, text } from '../../../toolkit/manifests/fields.ts';
import type { Risk } from '../../../toolkit/manifests/risk.ts';

export interface WorkloadStep {
  readonly kind: LedgerWorkload['kind'];
  readonly name: string;
  /** The ReplicaSet or ControllerRevision to go back to. */
  readonly template: string;
  /** `undo`: to `revision`. `in-place`: it runs that template. `held`: it holds data. `gone`: the template is deleted. */
  readonly state: 'undo' | 'in-place' | 'held' | 'gone';
  /** What `kubectl rollout undo --to-revision` takes now; 0 when the template is gone. */
  readonly revision: number;
}

/**
 * What to undo so that each workload runs the pod template it ran when the target was verified. Revision numbers move
 * on when a template is used again, so the template is found by its name and its number is read anew.
 */
export function planWorkloads(
  recorded: readonly LedgerWorkload[],
  live: readonly KubernetesObject[],
  risks: readonly Risk[],
): WorkloadStep[] {
  const risky = new Set(risks.filter(({ kind }) => kind === 'stateful-image').map(({ object }) => object));
  return recorded.map(({ kind, name, template }) => {
    const workload = live.find((object) => object.kind === kind && object.metadata.name === name);
    const holder = kind === 'Deployment' ? 'ReplicaSet' : 'ControllerRevision';
    const found = live.find((object) => object.kind === holder && object.metadata.name === template);
    const revision = found === undefined ? 0 : revisionOf(found);
    const step = { kind, name, template, revision };
    if (workload === undefined || revision < 1) return { ...step, state: 'gone' };
    if (currentTemplate(workload, live) === template) return { ...step, state: 'in-place' };
    return { ...step, state: risky.has(`${kind}/${name}`) ? 'held' : 'undo' };
  });
}

function revisionOf(template: KubernetesObject): number {
  const revision =
    template.kind === 'ReplicaSet'
      ? Number(template.metadata.annotations?.['deployment.kubernetes.io/revision'])
      : Number(template.revision);
  return Number.isInteger(revision) ? revision : 0;
}

/** Name of the ReplicaSet or ControllerRevision that the workload is going to or at. */
function currentTemplate(workload: KubernetesObject, live: readonly KubernetesObject[]): string {
  if (workload.kind === 'StatefulSet') return text(at(workload.status, 'updateRevision'));
  const owned = live.filter((object) =>
    (object.metadata.ownerReferences ?? []).some(({ uid }) => uid === workload.metadata.uid),
  );
  if (workload.kind === 'Deployment') {
    const revision = workload.metadata.annotations?.['deployment.kubernetes.io/revision'];
    const current = owned.find(
      (object) =>
        object.kind === 'ReplicaSet' &&
        object.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision,
    );
    return current?.metadata.name ?? '';
  }
  const newest = owned
    .filter(({ kind }) => kind === 'ControllerRevision')
    .toSorted((a, b) => Number(a.revision) - Number(b.revision))
    .at(-1);
  return newest?.metadata.name ?? '';
}

import { array, fields, text } from '../health/fields.ts';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import type { LedgerImage, LedgerWorkload } from './ledger.ts';

interface Named {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
type WorkloadKind = (typeof kinds)[number];

/** What has to be listed beside the watched resources, for the revisions of StatefulSets and DaemonSets. */
export const revisionResources: readonly string[] = ['controllerrevisions.apps'];

/** The exact generation of pods each workload runs now. */
export function workloadsOf(objects: readonly Named[], live: readonly KubernetesObject[]): LedgerWorkload[] {
  return workloads(objects, live).flatMap(({ kind, object }): LedgerWorkload[] => {
    const template = kind === 'Deployment' ? replicaSetOf(object, live) : revisionOf(kind, object, live);
    if (template === undefined) return [];
    const revision =
      kind === 'Deployment'
        ? Number(template.metadata.annotations?.['deployment.kubernetes.io/revision'])
        : Number(template.revision);
    if (!Number.isInteger(revision) || revision < 1) return [];
    return [{ kind, name: object.metadata.name, template: template.metadata.name, revision }];
  });
}

/** Each container's image as written and the digest that runs, from the newest pod of the workload. */
export function imagesOf(objects: readonly Named[], live: readonly KubernetesObject[]): LedgerImage[] {
  return workloads(objects, live).flatMap(({ kind, object }) => {
    const owner = kind === 'Deployment' ? replicaSetOf(object, live) : object;
    const pod = live.find((other) => other.kind === 'Pod' && isOwnedBy(other, owner?.metadata.uid));
    const statuses = array(fields(pod?.status).containerStatuses);
    const template = fields(fields(fields(object.spec).template).spec);
    return [...array(template.initContainers), ...array(template.containers)].map((container) => {
      const status = statuses.find((item) => item.name === container.name);
      const digest = /sha256:[0-9a-f]{64}/.exec(text(status?.imageID))?.[0];
      const pinned = /sha256:[0-9a-f]{64}/.exec(text(container.image))?.[0];
      return {
        workload: `${kind}/${object.metadata.name}`,
        container: text(container.name),
        image: text(container.image),
        digest: digest ?? pinned ?? '',
      };
    });
  });
}

function workloads(
  objects: readonly Named[],
  live: readonly KubernetesObject[],
): { kind: WorkloadKind; object: KubernetesObject }[] {
  return objects.flatMap((wanted) => {
    const kind = kinds.find((known) => known === wanted.kind);
    if (kind === undefined) return [];
    const object = live.find(
      (other) =>
        other.kind === kind &&
        other.metadata.name === wanted.name &&
        other.metadata.namespace === wanted.namespace,
    );
    return object === undefined ? [] : [{ kind, object }];
  });
}

function replicaSetOf(
  deployment: KubernetesObject,
  live: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const revision = deployment.metadata.annotations?.['deployment.kubernetes.io/revision'];
  return live.find(
    (other) =>
      other.kind === 'ReplicaSet' &&
      isOwnedBy(other, deployment.metadata.uid) &&
      other.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision,
  );
}

function revisionOf(
  kind: WorkloadKind,
  workload: KubernetesObject,
  live: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const own = live.filter(
    (other) => other.kind === 'ControllerRevision' && isOwnedBy(other, workload.metadata.uid),
  );
  if (kind === 'StatefulSet')
    return own.find(({ metadata }) => metadata.name === fields(workload.status).updateRevision);
  return own.toSorted((a, b) => Number(b.revision) - Number(a.revision))[0];
}

function isOwnedBy(object: KubernetesObject, uid: string | undefined): boolean {
  return uid !== undefined && (object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

import type { ErrorCode } from '../action/errors.ts';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { isDenied, refusalCode } from '../kubernetes/refusal-code.ts';
import { condition, fields, text } from './fields.ts';
import type { HealthInput, HealthReason, HealthVerdict } from './health.ts';
import { claimsOf, judgePods } from './judge-pods.ts';
import { judgeOther, judgeWorkload, type Progress } from './judge-workload.ts';

const workloadKinds = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Kinds whose state says whether a release works; others only have to be there, which Helm has seen to. */
export const watchedKinds: readonly string[] = [
  ...workloadKinds,
  'Job',
  'PersistentVolumeClaim',
  'Service',
  'Pod',
];

/** Resources to list for `HealthInput.live`. */
export const watchedResources: readonly string[] = [
  'deployments.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'persistentvolumeclaims',
  'services',
  'pods',
];

/** The health of what was deployed, from one look at the cluster. */
export function judgeHealth({ expected, live }: HealthInput): HealthVerdict {
  const fatal: HealthReason[] = [];
  const pending: HealthReason[] = [];
  const pods = live.filter(({ kind }) => kind === 'Pod');
  const used = new Set(pods.flatMap(claimsOf));
  const unbound = new Set(
    live
      .filter((object) => object.kind === 'PersistentVolumeClaim' && fields(object.status).phase !== 'Bound')
      .map(({ metadata }) => metadata.name),
  );

  for (const wanted of expected) {
    if (!watchedKinds.includes(wanted.kind)) continue;
    const object = live.find(
      ({ kind, metadata }) =>
        kind === wanted.kind && metadata.name === wanted.name && metadata.namespace === wanted.namespace,
    );
    const say = (code: ErrorCode, message: string): HealthReason => ({ code, ...wanted, message });
    if (object === undefined) {
      pending.push(say('E_TIMEOUT', 'it does not exist'));
      continue;
    }
    const isWorkload = workloadKinds.has(wanted.kind);
    const replicaSet = wanted.kind === 'Deployment' ? currentReplicaSet(object, live) : undefined;
    const progress: Progress = isWorkload
      ? judgeWorkload(object, replicaSet?.metadata.name)
      : judgeOther(object, used.has(wanted.name));
    if (progress.progress === 'done') continue;
    const refusal = refusedPods(replicaSet);
    if (refusal !== undefined) {
      const refused = say(refusalCode(refusal) ?? 'E_TIMEOUT', `its pods are refused: ${refusal}`);
      // Quota comes free again, and a webhook back; a policy stays.
      (isDenied(refusal) ? fatal : pending).push(refused);
    }
    const own = isWorkload || wanted.kind === 'Job' ? currentPods(object, live, pods) : [];
    const judged = judgePods(wanted.kind === 'Pod' ? [object] : own, unbound);
    fatal.push(...judged.fatal);
    pending.push(...judged.pending);
    const code = wanted.kind === 'PersistentVolumeClaim' ? 'E_PVC' : 'E_TIMEOUT';
    if (progress.progress === 'given-up') fatal.push(say(code, progress.message));
    else pending.push(say(code, progress.message));
  }
  if (fatal.length > 0) return { health: 'failed', reasons: fatal };
  return pending.length > 0 ? { health: 'progressing', reasons: pending } : { health: 'healthy' };
}

/** Pods of the newest template: what old pods do during a rolling update is not the new release's fault. */
function currentPods(
  workload: KubernetesObject,
  live: readonly KubernetesObject[],
  pods: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  if (workload.kind === 'Deployment') {
    const current = currentReplicaSet(workload, live);
    return pods.filter((pod) => ownedBy(pod, current?.metadata.uid));
  }
  const own = pods.filter((pod) => ownedBy(pod, workload.metadata.uid));
  const updated = fields(workload.status).updateRevision;
  if (typeof updated !== 'string') return own;
  return own.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] === updated);
}

/** The ReplicaSet of a Deployment's newest template. */
function currentReplicaSet(
  deployment: KubernetesObject,
  live: readonly KubernetesObject[],
): KubernetesObject | undefined {
  const revision = deployment.metadata.annotations?.['deployment.kubernetes.io/revision'];
  return live.find(
    (object) =>
      object.kind === 'ReplicaSet' &&
      ownedBy(object, deployment.metadata.uid) &&
      object.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision,
  );
}

/** Why the API server takes no pods of this template; undefined when it does. */
function refusedPods(replicaSet: KubernetesObject | undefined): string | undefined {
  const failure = condition(fields(replicaSet?.status), 'ReplicaFailure');
  return failure.status === 'True' ? text(failure.message) : undefined;
}

function ownedBy(object: KubernetesObject, uid: string | undefined): boolean {
  return uid !== undefined && (object.metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

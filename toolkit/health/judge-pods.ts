import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { array, condition, count, fields, text, type Fields } from './fields.ts';
import type { HealthReason } from './health.ts';

/** A container that crashed this often is not just waiting for something to come up. */
const crashesToFail = 3;

const pullFailures = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);

export interface PodJudgement {
  /** No waiting mends these. */
  readonly fatal: readonly HealthReason[];
  readonly pending: readonly HealthReason[];
}

/** What keeps these pods from being ready. Pods on their way out do not count. */
export function judgePods(
  pods: readonly KubernetesObject[],
  unboundClaims: ReadonlySet<string>,
): PodJudgement {
  const fatal: HealthReason[] = [];
  const pending: HealthReason[] = [];
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const status = fields(pod.status);
    const containers = [...array(status.initContainerStatuses), ...array(status.containerStatuses)];
    for (const container of containers) judgeContainer(pod, container, fatal, pending);
    const scheduled = condition(status, 'PodScheduled');
    if (scheduled.status === 'False') {
      const claim = claimsOf(pod).find((name) => unboundClaims.has(name));
      pending.push(
        claim === undefined
          ? reason(pod, 'E_UNSCHEDULABLE', `no node can take it: ${text(scheduled.message)}`)
          : reason(pod, 'E_PVC', `its volume claim ${claim} is not bound`),
      );
    }
  }
  return { fatal, pending };
}

/** Names of the claims a pod mounts. */
export function claimsOf(pod: KubernetesObject): string[] {
  return array(fields(pod.spec).volumes)
    .map((volume) => text(fields(volume.persistentVolumeClaim).claimName))
    .filter((name) => name !== '');
}

export function isPodReady(pod: KubernetesObject): boolean {
  return condition(fields(pod.status), 'Ready').status === 'True';
}

function judgeContainer(
  pod: KubernetesObject,
  status: Fields,
  fatal: HealthReason[],
  pending: HealthReason[],
): void {
  const name = text(status.name);
  const waiting = fields(fields(status.state).waiting);
  const why = text(waiting.reason);
  const message = text(waiting.message);
  const restarts = count(status.restartCount);
  if (pullFailures.has(why)) {
    fatal.push(reason(pod, 'E_IMAGE_PULL', `${name}: ${why}: ${message || text(status.image)}`, name));
  } else if (why === 'ErrImagePull') {
    pending.push(reason(pod, 'E_IMAGE_PULL', `${name}: ${why}: ${message}`, name));
  } else if (why === 'CrashLoopBackOff') {
    const last = fields(fields(status.lastState).terminated);
    const how = `${text(last.reason) || 'Error'}, exit code ${count(last.exitCode)}`;
    const crash = reason(pod, 'E_CRASHLOOP', `${name} crashed ${restarts} times (${how})`, name);
    (restarts >= crashesToFail ? fatal : pending).push(crash);
  } else if (why === 'CreateContainerConfigError' || why === 'CreateContainerError') {
    pending.push(reason(pod, 'E_CONFIG', `${name}: ${why}: ${message}`, name));
  }
}

function reason(
  pod: KubernetesObject,
  code: HealthReason['code'],
  message: string,
  container?: string,
): HealthReason {
  const { name, namespace = '' } = pod.metadata;
  return {
    code,
    kind: 'Pod',
    namespace,
    name,
    message,
    pod: name,
    ...(container === undefined ? {} : { container }),
  };
}

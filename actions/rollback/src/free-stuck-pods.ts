import { UserError } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { isStatus } from '../../../toolkit/kubernetes/kubectl-error.ts';
import { findStuckPod } from './stuck-pod.ts';

export interface StuckWatch {
  readonly kubernetes: KubernetesPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly namespaces: readonly string[];
  readonly allowPodDelete: boolean;
}

const lookEveryMs = 2_000;
/** A controller under load may take a moment; who is still there after this many looks is stuck. */
const looksToBeSure = 3;

/**
 * Looks for a pod that blocks its StatefulSet until `stop` aborts. A blocking pod is deleted when that is allowed,
 * exactly that one; otherwise the error that names it aborts `blocked`.
 */
export async function watchStuckPods(
  { kubernetes, clock, log, namespaces, allowPodDelete }: StuckWatch,
  stop: AbortSignal,
  blocked: AbortController,
): Promise<void> {
  const seen = new Map<string, number>();
  for (;;) {
    await clock.sleep(lookEveryMs, stop);
    for (const namespace of namespaces) {
      const live = await kubernetes.list({ resources: ['statefulsets.apps', 'pods'], namespace });
      const stuck = findStuckPod(live);
      if (stuck === undefined) continue;
      const looks = (seen.get(stuck.uid) ?? 0) + 1;
      seen.set(stuck.uid, looks);
      if (looks < looksToBeSure || stop.aborted) continue;
      if (!allowPodDelete) {
        blocked.abort(
          new UserError(
            'E_ROLLBACK_UNHEALTHY',
            `pod ${stuck.name} of the given-up version is not ready, and StatefulSet/${stuck.statefulSet} waits for it for ever (kubernetes#67250)`,
            `delete exactly that pod: \`kubectl -n ${namespace} delete pod ${stuck.name}\`, or set \`allow-pod-delete: true\`, and run the rollback again`,
          ),
        );
        return;
      }
      log.warning(`pod ${stuck.name} blocks StatefulSet/${stuck.statefulSet} (kubernetes#67250): deleted`);
      const pod = { resource: 'pods', name: stuck.name, namespace };
      await kubernetes.delete(pod, { preconditions: { uid: stuck.uid } }).catch((error: unknown) => {
        // Another pod has its name by now, which is what was wanted.
        if (!isStatus(error, 409)) throw error;
      });
      seen.delete(stuck.uid);
    }
  }
}

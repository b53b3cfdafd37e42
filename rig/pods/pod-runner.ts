import { runAnnotation } from '../cluster/stages.ts';
import { watchAll } from '../kube/watch.ts';
import { podAddresses } from './pod-addresses.ts';
import type { Pod } from './pod.ts';
import { runPod, type PodDeps, type RunningPod } from './run-pod.ts';

/** Runs every scheduled pod that carries the rig's annotation; one watch over all namespaces. */
export async function startPodRunner(deps: PodDeps, prefix: string, signal: AbortSignal): Promise<void> {
  const addresses = podAddresses(prefix);
  const running = new Map<string, RunningPod>();

  await watchAll<Pod>(
    deps.client,
    '/api/v1/pods',
    {
      set: (pod) => {
        const { uid } = pod.metadata;
        const known = running.get(uid);
        if (known !== undefined) known.update(pod);
        else if (isToRun(pod)) running.set(uid, runPod(pod, addresses.take(uid), deps));
      },
      gone: ({ metadata: { uid } }) => {
        const known = running.get(uid);
        running.delete(uid);
        void known?.kill().finally(() => {
          addresses.giveBack(uid);
        });
      },
    },
    signal,
  );
}

/** True for a pod on a node that is the rig's to run and not over yet. */
export function isToRun(pod: Pod): boolean {
  return (
    pod.metadata.annotations?.[runAnnotation] === 'true' &&
    (pod.spec.nodeName ?? '') !== '' &&
    pod.status?.phase !== 'Succeeded' &&
    pod.status?.phase !== 'Failed'
  );
}

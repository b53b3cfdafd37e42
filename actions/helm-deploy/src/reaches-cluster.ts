import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { Inputs } from './inputs.ts';

/** Whether anything says where the cluster is: the input, the environment, the user's own file, or the pod we run in. */
export function reachesCluster(env: ActionPorts['env'], inputs: Pick<Inputs, 'kubeconfig'>): boolean {
  const named = [inputs.kubeconfig, env.KUBECONFIG, env.KUBERNETES_SERVICE_HOST];
  return (
    named.some((value) => value !== undefined && value !== '') ||
    existsSync(join(env.HOME ?? '', '.kube/config'))
  );
}

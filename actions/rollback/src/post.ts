import { existsSync } from 'node:fs';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { reopenCluster } from '../../../toolkit/cluster/open-cluster.ts';
import { removePrivateFolder } from '../../../toolkit/files/private-folder.ts';
import { isPending } from '../../../toolkit/helm/release-secret.ts';
import { endLeftovers } from '../../../toolkit/ledger/process-instance.ts';

/** After the job: what the main step could not finish is mended, the lock is freed, the kubeconfig is removed. */
export async function post(ports: ActionPorts): Promise<void> {
  const { state } = ports;
  try {
    if (state.get('finished') !== 'true' && state.get('namespace') !== '') await tidy(ports);
  } finally {
    await removePrivateFolder(state.get('folder'));
  }
}

async function tidy(ports: ActionPorts): Promise<void> {
  const { state, log } = ports;
  const kubeconfig = state.get('kubeconfig');
  if (kubeconfig !== '' && !existsSync(kubeconfig)) return;
  const namespace = state.get('namespace');
  const cluster = reopenCluster(ports);
  if (!(await cluster.leases.isHeldBy(namespace, cluster.holder))) return;
  const ended = endLeftovers(state.get('instance'));
  if (ended > 0) log.warning(`${ended} processes of the rollback still ran: ended`);
  for (const history of (await cluster.helm.releases(namespace)).values()) {
    const last = history.at(-1);
    if (last !== undefined && isPending(last.status)) {
      await cluster.helm.markFailed(last, `left ${last.status} by a run that ended`);
    }
  }
  await cluster.leases.releaseLeftover(namespace, cluster.holder);
  log.info(`the lock of ${namespace} was left behind: freed`);
}

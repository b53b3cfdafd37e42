import { existsSync } from 'node:fs';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { reopenCluster } from '../../../toolkit/cluster/open-cluster.ts';
import { removePrivateFolder } from '../../../toolkit/files/private-folder.ts';
import { unstick } from '../../../toolkit/helm/unstick.ts';
import { endLeftovers } from '../../../toolkit/ledger/process-instance.ts';

/** After the job: what the main step could not finish is mended, the lock is freed, the kubeconfig is removed. */
export async function post(ports: ActionPorts): Promise<void> {
  const { state } = ports;
  try {
    if (state.get('finished') !== 'true') await tidy(ports);
  } finally {
    await removePrivateFolder(state.get('folder'));
  }
}

async function tidy(ports: ActionPorts): Promise<void> {
  const { state, log } = ports;
  const kubeconfig = state.get('kubeconfig');
  if (kubeconfig !== '' && !existsSync(kubeconfig)) return;
  const cluster = reopenCluster(ports);
  const ours = new Set(JSON.parse(state.get('releases') || '[]') as string[]);
  for (const namespace of JSON.parse(state.get('namespaces') || '[]') as string[]) {
    if (!(await cluster.leases.isHeldBy(namespace, cluster.holder))) continue;
    const ended = endLeftovers(state.get('instance'));
    if (ended > 0) log.warning(`${ended} processes of the rollback still ran: ended`);
    const stored = await cluster.helm.releases(namespace);
    const mine = new Map([...stored].filter(([name]) => ours.has(`${namespace}/${name}`)));
    await unstick(cluster.helm, mine, 'the run that worked on it ended');
    await cluster.leases.releaseLeftover(namespace, cluster.holder);
    log.info(`the lock of ${namespace} was left behind: freed`);
  }
}

import { existsSync } from 'node:fs';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { reopenCluster } from '../../../toolkit/cluster/open-cluster.ts';
import { removePrivateFolder } from '../../../toolkit/files/private-folder.ts';
import { unstick } from '../../../toolkit/helm/unstick.ts';
import { endLeftovers } from '../../../toolkit/ledger/process-instance.ts';
import { closeAbandoned } from './close-abandoned.ts';
import { closeDeployment } from './github-deployment.ts';
import { githubOf } from './github-of.ts';
import { keyOfRelease } from './unit.ts';

/** After the job: what the main step could not finish is recorded, the locks are freed, the kubeconfig is removed. */
export async function post(ports: ActionPorts): Promise<void> {
  const { state } = ports;
  const folder = state.get('folder');
  try {
    if (state.get('deployment') !== '') {
      const github = githubOf(ports, ports.inputs.secret('github-token'));
      if (github !== undefined) await closeDeployment(ports, github);
    }
    if (folder !== '' && state.get('finished') !== 'true') await tidy(ports);
  } finally {
    await removePrivateFolder(folder);
  }
}

async function tidy(ports: ActionPorts): Promise<void> {
  const { state, log } = ports;
  const kubeconfig = state.get('kubeconfig');
  if (kubeconfig !== '' && !existsSync(kubeconfig)) return;
  const ended = endLeftovers(state.get('instance'));
  if (ended > 0) log.warning(`${ended} processes of the deploy still ran: ended`);

  const cluster = reopenCluster(ports);
  const entry = parse(state.get('entry'), { namespace: '', environment: '' });
  const ours = new Set(parse<string[]>(state.get('releases'), []));

  for (const namespace of parse<string[]>(state.get('namespaces'), [])) {
    if (!(await cluster.leases.isHeldBy(namespace, cluster.holder))) continue;
    const stored = ours.size === 0 ? [] : [...(await cluster.helm.releases(namespace))];
    const mine = new Map(stored.filter(([name]) => ours.has(keyOfRelease({ namespace, name }))));
    await unstick(cluster.helm, mine, 'the run that deployed it ended');
    if (entry.namespace === namespace) {
      await cluster.ledger.update(namespace, entry.environment, (ledger) =>
        closeAbandoned(ledger, new Date(ports.clock.now()).toISOString()),
      );
    }
    await cluster.leases.releaseLeftover(namespace, cluster.holder);
    log.info(`the lock of ${namespace} was left behind: freed`);
  }
}

function parse<T>(text: string, otherwise: T): T {
  return text === '' ? otherwise : (JSON.parse(text) as T);
}

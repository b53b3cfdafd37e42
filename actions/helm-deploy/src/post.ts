import { existsSync } from 'node:fs';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { removePrivateFolder } from '../../../toolkit/files/private-folder.ts';
import { helmCli } from '../../../toolkit/helm/helm-cli.ts';
import { configMapLedger } from '../../../toolkit/ledger/ledger-store.ts';
import { endLeftovers } from '../../../toolkit/ledger/process-instance.ts';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import { connect, leaseHolder, leases } from './cluster.ts';
import { closeAbandoned } from './deploy.ts';
import { unstick } from './unstick.ts';

/** After the job: what the main step could not finish is recorded, the locks are freed, the kubeconfig is removed. */
export async function post(ports: ActionPorts): Promise<void> {
  const { state } = ports;
  const folder = state.get('folder');
  try {
    if (folder !== '' && state.get('finished') !== 'true') await tidy(ports);
  } finally {
    await removePrivateFolder(folder);
  }
}

async function tidy(ports: ActionPorts): Promise<void> {
  const { state, log } = ports;
  const kubeconfig = state.get('kubeconfig');
  if (kubeconfig !== '' && !existsSync(kubeconfig)) return;
  const instance = state.get('instance');
  const ended = endLeftovers(instance);
  if (ended > 0) log.warning(`${ended} processes of the deploy still ran: ended`);

  const env = childEnv(ports.env, 'cluster', kubeconfig === '' ? {} : { KUBECONFIG: kubeconfig });
  const context = state.get('kube-context');
  const kubernetes = connect(ports, env, context);
  const helm = helmCli({ process: ports.process, kubernetes, env, context, cwd: ports.github.workspace });
  const holder = leaseHolder(ports, instance);
  const entry = parse(state.get('entry'), { namespace: '', environment: '' });

  for (const namespace of parse<string[]>(state.get('namespaces'), [])) {
    if (!(await leases(ports, kubernetes).isHeldBy(namespace, holder))) continue;
    if (entry.namespace === namespace) {
      await unstick(helm, await helm.releases(namespace), 'the run that deployed it ended');
      await configMapLedger(kubernetes).update(namespace, entry.environment, (ledger) =>
        closeAbandoned(ledger, new Date(ports.clock.now()).toISOString()),
      );
    }
    await leases(ports, kubernetes).releaseLeftover(namespace, holder);
    log.info(`the lock of ${namespace} was left behind: freed`);
  }
}

function parse<T>(text: string, otherwise: T): T {
  return text === '' ? otherwise : (JSON.parse(text) as T);
}

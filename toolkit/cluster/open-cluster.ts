import { UserError } from '../action/errors.ts';
import { runUrlOf } from '../action/github-context.ts';
import type { ActionPorts } from '../action/run-action.ts';
import { readKubeconfig } from '../files/kubeconfig.ts';
import { createPrivateFolder, type PrivateFolder } from '../files/private-folder.ts';
import { helmCli } from '../helm/helm-cli.ts';
import type { HelmPort } from '../helm/helm.ts';
import { kubectl } from '../kubernetes/kubectl.ts';
import type { KubernetesPort } from '../kubernetes/kubernetes.ts';
import { leaseLock } from '../ledger/lease-lock.ts';
import type { LeaseHolder, LeasePort } from '../ledger/lease.ts';
import { configMapLedger } from '../ledger/ledger-store.ts';
import type { LedgerStore } from '../ledger/ledger.ts';
import {
  endLeftovers,
  instanceVariable,
  isDeadInstance,
  leftoverProcesses,
  processInstance,
} from '../ledger/process-instance.ts';
import { childEnv } from '../process/child-env.ts';

/** Everything that reaches a cluster, put together for one run. */
export interface ClusterPorts {
  readonly kubernetes: KubernetesPort;
  readonly helm: HelmPort;
  readonly ledger: LedgerStore;
  readonly leases: LeasePort;
  readonly holder: LeaseHolder;
  /** The environment children get, with KUBECONFIG set. */
  readonly env: Readonly<Record<string, string>>;
}

export interface OpenCluster extends ClusterPorts {
  readonly folder: PrivateFolder;
}

export interface ClusterInputs {
  /** Text or base64 of a kubeconfig; '' for the one of the environment. */
  readonly kubeconfig: string;
  /** '' is the current one. */
  readonly kubeContext: string;
}

/** Writes the kubeconfig into a private folder, remembers it for the `post` step, and connects the adapters. */
export async function openCluster(ports: ActionPorts, inputs: ClusterInputs): Promise<OpenCluster> {
  refuseForeignDriver(ports.env);
  const folder = await createPrivateFolder(ports.github.runnerTemp);
  ports.state.save('folder', folder.path);
  const instance = processInstance();
  const extra: Record<string, string> = { [instanceVariable]: instance };
  if (inputs.kubeconfig !== '') {
    const { text, secrets } = readKubeconfig(inputs.kubeconfig);
    secrets.forEach(ports.mask);
    extra.KUBECONFIG = await folder.write('kubeconfig', text);
  }
  ports.state.save('kubeconfig', extra.KUBECONFIG ?? '');
  ports.state.save('kube-context', inputs.kubeContext);
  ports.state.save('instance', instance);
  return { ...connectCluster(ports, { extra, instance, context: inputs.kubeContext }), folder };
}

/** The same cluster again in the `post` step, from what the main step saved. */
export function reopenCluster(ports: ActionPorts): ClusterPorts {
  const { state } = ports;
  const kubeconfig = state.get('kubeconfig');
  const extra: Record<string, string> = kubeconfig === '' ? {} : { KUBECONFIG: kubeconfig };
  return connectCluster(ports, {
    extra,
    instance: state.get('instance'),
    context: state.get('kube-context'),
  });
}

function connectCluster(
  ports: ActionPorts,
  options: { extra: Record<string, string>; instance: string; context: string },
): ClusterPorts {
  const { extra, instance, context } = options;
  const { process, clock, log, github } = ports;
  const env = childEnv(ports.env, 'cluster', extra);
  // Without the run's signal: what is written about the cluster's state must get there when the run is cancelled
  // too, only with less patience.
  const patienceMs = (): number => (ports.signal.aborted ? 1_500 : 60_000);
  const kubernetes = kubectl({ process, clock, env, context, patienceMs });
  return {
    kubernetes,
    helm: helmCli({
      process,
      kubernetes,
      env,
      context,
      cwd: github.workspace,
      onLine: (line) => {
        log.info(line);
      },
    }),
    ledger: configMapLedger(kubernetes),
    leases: leaseLock({
      kubernetes,
      clock,
      isDead: isDeadInstance,
      endLeftovers: (dead) => {
        if (leftoverProcesses(dead).length === 0) return;
        log.warning(`a killed run left ${endLeftovers(dead)} processes running: ended`);
      },
      onWait: (message) => {
        log.info(message);
      },
    }),
    holder: {
      identity: [
        github.repository || 'local',
        github.runId || '0',
        github.runAttempt,
        github.job || 'job',
      ].join('/'),
      instance,
      runUrl: runUrlOf(github),
    },
    env,
  };
}

function refuseForeignDriver(env: ActionPorts['env']): void {
  const driver = env.HELM_DRIVER ?? '';
  if (driver === '' || driver === 'secret' || driver === 'secrets') return;
  throw new UserError(
    'E_CONFIG',
    `HELM_DRIVER is '${driver}', and only releases kept in Secrets can be recovered exactly`,
    'unset HELM_DRIVER',
  );
}

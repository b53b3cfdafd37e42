import { resolve } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { readKubeconfig } from '../../../toolkit/files/kubeconfig.ts';
import { createPrivateFolder, type PrivateFolder } from '../../../toolkit/files/private-folder.ts';
import { helmCli } from '../../../toolkit/helm/helm-cli.ts';
import type { HelmPort } from '../../../toolkit/helm/helm.ts';
import { helmfileCli } from '../../../toolkit/helmfile/helmfile-cli.ts';
import { kubectl } from '../../../toolkit/kubernetes/kubectl.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { leaseLock } from '../../../toolkit/ledger/lease-lock.ts';
import type { LeaseHolder, LeasePort } from '../../../toolkit/ledger/lease.ts';
import { configMapLedger } from '../../../toolkit/ledger/ledger-store.ts';
import type { LedgerStore } from '../../../toolkit/ledger/ledger.ts';
import {
  endLeftovers,
  instanceVariable,
  isDeadInstance,
  leftoverProcesses,
  processInstance,
} from '../../../toolkit/ledger/process-instance.ts';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import { chartUnit } from './chart-unit.ts';
import { helmfileUnit } from './helmfile-unit.ts';
import type { Inputs } from './inputs.ts';
import { releaseNameOf } from './release-name.ts';
import type { DeployUnit } from './unit.ts';

/** Everything that reaches the cluster, put together for one run. */
export interface Cluster {
  readonly kubernetes: KubernetesPort;
  readonly helm: HelmPort;
  readonly ledger: LedgerStore;
  readonly leases: LeasePort;
  readonly holder: LeaseHolder;
  readonly folder: PrivateFolder;
  readonly unit: (target: UnitTarget, inputs: UnitInputs) => Promise<DeployUnit>;
}

export interface UnitTarget {
  readonly environment: string;
  readonly namespace: string;
  readonly release: string | undefined;
  readonly values: readonly string[];
}

type ClusterInputs = Pick<Inputs, 'kubeconfig' | 'kubeContext'>;

/** What is deployed, and with which values. */
export type UnitInputs = Pick<Inputs, 'unit' | 'values' | 'canaryValues' | 'promoteValues' | 'set'>;

/** Writes the kubeconfig into a private folder, remembers both for the `post` step, and connects the adapters. */
export async function openCluster(ports: ActionPorts, inputs: ClusterInputs): Promise<Cluster> {
  const folder = await createPrivateFolder(ports.github.runnerTemp);
  ports.state.save('folder', folder.path);
  const instance = processInstance();
  const extra: Record<string, string> = { [instanceVariable]: instance };
  if (inputs.kubeconfig !== '') {
    const { text, secrets } = readKubeconfig(inputs.kubeconfig);
    for (const secret of secrets) ports.mask(secret);
    extra.KUBECONFIG = await folder.write('kubeconfig', text);
  }
  refuseForeignDriver(ports.env);
  ports.state.save('kubeconfig', extra.KUBECONFIG ?? '');
  ports.state.save('kube-context', inputs.kubeContext);
  ports.state.save('instance', instance);

  const env = childEnv(ports.env, 'cluster', extra);
  const cwd = ports.github.workspace;
  const context = inputs.kubeContext;
  const kubernetes = connect(ports, env, context);
  const onLine = (line: string): void => {
    ports.log.info(line);
  };
  const helm = helmCli({ process: ports.process, kubernetes, env, context, cwd, onLine });
  return {
    kubernetes,
    helm,
    folder,
    ledger: configMapLedger(kubernetes),
    leases: leases(ports, kubernetes),
    holder: leaseHolder(ports, instance),
    unit: async (target, inputs) => {
      const values = [
        ...target.values,
        ...inputs.values,
        ...inputs.canaryValues,
        ...inputs.promoteValues,
      ].map((file) => resolve(cwd, file));
      switch (inputs.unit.kind) {
        case 'chart':
          return chartUnit(helm, {
            release: releaseNameOf(inputs.unit, target.release),
            namespace: target.namespace,
            chart: inputs.unit.chart,
            values,
            set: inputs.set,
          });
        case 'helmfile':
          return helmfileUnit(
            helmfileCli({
              process: ports.process,
              env,
              context,
              cwd,
              file: inputs.unit.file,
              // All previews share one configuration: `preview/my-branch-h1` is helmfile's `preview`.
              environment: target.environment.split('/')[0] ?? '',
              namespace: target.namespace,
              values,
              set: inputs.set,
              folder,
              helmMajor: (await helm.version()).major,
              onLine,
            }),
          );
        case 'kustomize':
        case 'argocd':
          throw new UserError(
            'E_CONFIG',
            `${inputs.unit.kind} is not supported yet`,
            'use a helmfile or a chart',
          );
      }
    },
  };
}

/**
 * kubectl without the run's signal: what is written about the cluster's state must get there also when the run is
 * cancelled, only with less patience.
 */
export function connect(
  ports: ActionPorts,
  env: Readonly<Record<string, string>>,
  context: string,
): KubernetesPort {
  const patienceMs = (): number => (ports.signal.aborted ? 1_500 : 60_000);
  return kubectl({ process: ports.process, clock: ports.clock, env, context, patienceMs });
}

export function leases(ports: ActionPorts, kubernetes: KubernetesPort): LeasePort {
  return leaseLock({
    kubernetes,
    clock: ports.clock,
    isDead: isDeadInstance,
    endLeftovers: (instance) => {
      if (leftoverProcesses(instance).length === 0) return;
      ports.log.warning(`a killed run left ${endLeftovers(instance)} processes running: ended`);
    },
    onWait: (message) => {
      ports.log.info(message);
    },
  });
}

export function leaseHolder({ github }: ActionPorts, instance: string): LeaseHolder {
  const { repository, runId, runAttempt, job } = github;
  return {
    identity: [repository || 'local', runId || '0', runAttempt, job || 'job'].join('/'),
    instance,
    runUrl: runUrlOf(github),
  };
}

export function runUrlOf({ serverUrl, repository, runId }: ActionPorts['github']): string {
  return runId === '' ? '' : `${serverUrl}/${repository}/actions/runs/${runId}`;
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

import { resolve } from 'node:path';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { openCluster, type ClusterInputs, type OpenCluster } from '../../../toolkit/cluster/open-cluster.ts';
import { helmfileCli } from '../../../toolkit/helmfile/helmfile-cli.ts';
import { buildOverlay } from '../../../toolkit/kustomize/build-overlay.ts';
import { argocdUnit } from './argocd-unit.ts';
import { chartUnit } from './chart-unit.ts';
import { helmfileUnit } from './helmfile-unit.ts';
import type { Inputs } from './inputs.ts';
import { kustomizeUnit } from './kustomize-unit.ts';
import { releaseNameOf } from './release-name.ts';
import type { DeployUnit } from './unit.ts';

/** The cluster, and what the inputs say is to be deployed to it. */
export interface Cluster extends OpenCluster {
  readonly unit: (target: UnitTarget, inputs: UnitInputs) => DeployUnit;
}

export interface UnitTarget {
  readonly environment: string;
  readonly namespace: string;
  readonly release: string | undefined;
  readonly values: readonly string[];
}

/** What is deployed, and with which values. */
export type UnitInputs = Pick<Inputs, 'unit' | 'values' | 'canaryValues' | 'promoteValues' | 'set' | 'force'>;

/** Opens the cluster and puts the unit to deploy behind one face. */
export async function openDeployCluster(ports: ActionPorts, inputs: ClusterInputs): Promise<Cluster> {
  const cluster = await openCluster(ports, inputs);
  const { helm, folder, env } = cluster;
  const context = inputs.kubeContext;
  const cwd = ports.github.workspace;
  const onLine = (line: string): void => {
    ports.log.info(line);
  };
  return {
    ...cluster,
    unit: (target, inputs) => {
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
              helmMajor: async () => (await helm.version()).major,
              onLine,
            }),
          );
        case 'kustomize': {
          const { folder: overlay } = inputs.unit;
          return kustomizeUnit({
            kubernetes: cluster.kubernetes,
            name: releaseNameOf(inputs.unit, target.release) || 'overlay',
            namespace: target.namespace,
            folder: overlay,
            force: inputs.force,
            build: (signal) =>
              buildOverlay({ process: ports.process, env, cwd, folder: resolve(cwd, overlay), signal }),
            now: () => new Date(ports.clock.now()).toISOString(),
          });
        }
        case 'argocd': {
          const [name = '', applicationNamespace = 'argocd'] = inputs.unit.application
            .split('/')
            .toReversed();
          const { repository, sha } = ports.github;
          const { kubernetes } = cluster;
          const commit = { repository, sha };
          const { namespace } = target;
          return argocdUnit({
            kubernetes,
            clock: ports.clock,
            name,
            applicationNamespace,
            namespace,
            commit,
          });
        }
      }
    },
  };
}

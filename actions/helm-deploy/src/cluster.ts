import { resolve } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { openCluster, type ClusterInputs, type OpenCluster } from '../../../toolkit/cluster/open-cluster.ts';
import { helmfileCli } from '../../../toolkit/helmfile/helmfile-cli.ts';
import { chartUnit } from './chart-unit.ts';
import { helmfileUnit } from './helmfile-unit.ts';
import type { Inputs } from './inputs.ts';
import { releaseNameOf } from './release-name.ts';
import type { DeployUnit } from './unit.ts';

/** The cluster, and what the inputs say is to be deployed to it. */
export interface Cluster extends OpenCluster {
  readonly unit: (target: UnitTarget, inputs: UnitInputs) => Promise<DeployUnit>;
}

export interface UnitTarget {
  readonly environment: string;
  readonly namespace: string;
  readonly release: string | undefined;
  readonly values: readonly string[];
}

/** What is deployed, and with which values. */
export type UnitInputs = Pick<Inputs, 'unit' | 'values' | 'canaryValues' | 'promoteValues' | 'set'>;

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

import { childEnv } from '../../toolkit/process/child-env.ts';
import { applyCrds } from '../cluster/apply-crds.ts';
import type { Cluster, ClusterOptions } from '../cluster/start-cluster.ts';
import { answersOk, awaitReady } from '../processes/await-ready.ts';
import { freePort } from '../processes/free-port.ts';

/**
 * Starts the real Flagger controller: Canaries of all namespaces, traffic by Istio when the rig has it, metrics of the
 * rig's Prometheus. Its web server listens on all addresses; it has no option for that.
 */
export async function startFlagger(
  options: ClusterOptions,
  cluster: Cluster,
  { istio, prometheusUrl }: { readonly istio: boolean; readonly prometheusUrl: string },
): Promise<void> {
  await applyCrds(options, cluster, ['flagger-crds']);
  const port = await freePort('0.0.0.0', 0);
  const child = await options.children.spawn({
    name: 'flagger',
    argv: [
      options.tool('flagger'),
      `-kubeconfig=${cluster.kubeconfig}`,
      `-mesh-provider=${istio ? 'istio' : 'kubernetes'}`,
      `-metrics-server=${prometheusUrl}`,
      '-enable-leader-election=false',
      `-port=${port}`,
      '-log-level=info',
    ],
    env: childEnv(process.env, 'plain'),
    cwd: options.dir,
  });
  await awaitReady(child, () => answersOk(`http://127.0.0.1:${port}/healthz`));
}

/** Starts the real Argo Rollouts controller. Its servers too listen on all addresses. */
export async function startRollouts(options: ClusterOptions, cluster: Cluster): Promise<void> {
  await applyCrds(options, cluster, ['rollouts-crds']);
  const name = 'argo-rollouts';
  await cluster.client.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  });
  const health = await freePort('0.0.0.0', 0);
  const metrics = await freePort('0.0.0.0', 0);
  const child = await options.children.spawn({
    name: 'rollouts-controller',
    argv: [
      options.tool('rollouts-controller'),
      `--kubeconfig=${cluster.kubeconfig}`,
      `--healthzPort=${health}`,
      `--metricsPort=${metrics}`,
      '--leader-elect=false',
      '--istio-api-version=v1',
    ],
    env: { ...childEnv(process.env, 'plain'), POD_NAMESPACE: name },
    cwd: options.dir,
  });
  await awaitReady(child, () => answersOk(`http://127.0.0.1:${health}/healthz`));
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv } from '../../toolkit/process/child-env.ts';
import { applyCrds } from '../cluster/apply-crds.ts';
import type { Cluster, ClusterOptions } from '../cluster/start-cluster.ts';
import { answersOk, awaitReady } from '../processes/await-ready.ts';
import { envoyBootstrap, gatewayObjects, istioNamespace, meshObjects } from './manifests.ts';

/** No certificates, no sidecars: istiod turns routing rules into Envoy's configuration, which is what is needed here. */
const istiodSettings = {
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  INJECT_ENABLED: 'false',
  ENABLE_CA_SERVER: 'false',
  PILOT_CERT_PROVIDER: 'none',
  POD_NAMESPACE: istioNamespace,
  POD_NAME: 'istiod',
  REVISION: 'default',
  // A Gateway of the Gateway API names the rig's gateway by its address; no pods are made for it.
  PILOT_ENABLE_GATEWAY_API_DEPLOYMENT_CONTROLLER: 'false',
  // Weights set by a gate are served at once instead of after a quiet time.
  PILOT_DEBOUNCE_AFTER: '20ms',
};

/** Starts istiod and an Envoy ingress gateway; resolves with the gateway's URL when Envoy has its configuration. */
export async function startIstio(options: ClusterOptions, cluster: Cluster): Promise<{ gatewayUrl: string }> {
  const { dir, addresses, children, tool } = options;
  const { host, port } = addresses;
  const env = childEnv(process.env, 'plain');

  const create = async (objects: ReturnType<typeof meshObjects>): Promise<void> => {
    for (const [collection, object] of objects) await cluster.client.create(collection, object);
  };
  await create(meshObjects());
  const istiod = await children.spawn({
    name: 'istiod',
    argv: [
      tool('pilot-discovery'),
      'discovery',
      `--kubeconfig=${cluster.kubeconfig}`,
      `--grpcAddr=${host}:${port('xds')}`,
      `--httpAddr=${host}:${port('istiodHttp')}`,
      `--monitoringAddr=${host}:${port('istiodMonitoring')}`,
      '--httpsAddr=',
      '--secureGRPCAddr=',
      `--ctrlz_address=${host}`,
      `--ctrlz_port=${port('istiodControl')}`,
    ],
    env: { ...env, ...istiodSettings },
    cwd: dir,
  });
  // istiod takes up definitions as they appear.
  await applyCrds(options, cluster, ['istio-crds', 'gateway-api-crds']);
  await create(gatewayObjects({ host, gatewayPort: port('gateway') }));
  await awaitReady(istiod, () => answersOk(`http://${host}:${port('istiodHttp')}/ready`));

  const bootstrap = join(dir, 'envoy.json');
  const places = { host, xdsPort: port('xds'), adminPort: port('envoyAdmin') };
  writeFileSync(bootstrap, JSON.stringify(envoyBootstrap(places)));
  const envoy = await children.spawn({
    name: 'envoy',
    argv: [
      tool('envoy'),
      ...['--config-path', bootstrap, '--concurrency', '1', '--log-level', 'warning'],
      // Its shared memory and sockets have fixed names that a second rig would hit.
      '--disable-hot-restart',
    ],
    env,
    cwd: dir,
  });
  await awaitReady(envoy, () => answersOk(`http://${host}:${port('envoyAdmin')}/ready`));
  return { gatewayUrl: `http://${host}:${port('gateway')}` };
}

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { childEnv } from '../../toolkit/process/child-env.ts';
import { applyCrds } from '../cluster/apply-crds.ts';
import type { Cluster, ClusterOptions } from '../cluster/start-cluster.ts';
import { answersOk, awaitReady } from '../processes/await-ready.ts';
import { freePort } from '../processes/free-port.ts';
import { argocdNamespace, argocdObjects } from './manifests.ts';

/** Argo CD's rendering calls the program `kustomize`; kubectl has the same build inside. */
const kustomize = `#!/bin/sh
case "$1" in
build) shift; exec kubectl kustomize "$@" ;;
version) echo v5.7.1 ;;
*) echo "kustomize $1 is not to be had on the rig" >&2; exit 1 ;;
esac
`;

/**
 * Starts the real Argo CD application controller, repo server and the Redis between them. Applications live in the
 * namespace `argocd`; a destination names the cluster `rig`, a source may be a `file://` repository.
 */
export async function startArgocd(options: ClusterOptions, cluster: Cluster, binDir: string): Promise<void> {
  const { dir, addresses, children, tool } = options;
  const { host, port } = addresses;
  await applyCrds(options, cluster, ['argocd-crds']);
  for (const [collection, object] of argocdObjects(cluster.access, randomBytes(24).toString('hex'))) {
    await cluster.client.create(collection, object);
  }

  const folder = join(dir, 'argocd');
  const own = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const shim = join(own('bin'), 'kustomize');
  writeFileSync(shim, kustomize);
  chmodSync(shim, 0o755);
  const plain = childEnv(process.env, 'plain');
  const env = {
    ...plain,
    PATH: [own('bin'), binDir, plain.PATH ?? ''].join(delimiter),
    HOME: own('home'),
    TMPDIR: own('tmp'),
    KUBECONFIG: cluster.kubeconfig,
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_TLS_DATA_PATH: own('tls'),
    ARGOCD_SSH_DATA_PATH: own('ssh'),
    ARGOCD_GPG_DATA_PATH: own('gpg'),
    ARGOCD_PLUGINSOCKFILEPATH: own('plugins'),
    REDIS_PASSWORD: '',
  };

  const redisAddress = `${host}:${port('redis')}`;
  await children.spawn({
    name: 'redis',
    argv: [
      tool('redis', 'redis-server'),
      ...['--bind', host, '--port', String(port('redis'))],
      ...['--save', '', '--appendonly', 'no', '--dir', folder],
    ],
    env,
    cwd: folder,
  });
  const repoMetrics = port('argocdRepoMetrics');
  const repoServer = await children.spawn({
    name: 'argocd-repo-server',
    argv: [
      tool('argocd'),
      ...['--disable-tls', '--address', host, '--port', String(port('argocdRepo'))],
      ...['--metrics-address', host, '--metrics-port', String(repoMetrics)],
      ...['--redis', redisAddress, '--loglevel', 'warn'],
    ],
    env: { ...env, ARGOCD_BINARY_NAME: 'argocd-repo-server' },
    cwd: folder,
  });
  // The controller's metrics are served on all addresses; it has no option for that.
  const metrics = await freePort('0.0.0.0', 0);
  const controller = await children.spawn({
    name: 'argocd-application-controller',
    argv: [
      tool('argocd'),
      ...['--kubeconfig', cluster.kubeconfig, '--namespace', argocdNamespace],
      ...['--repo-server', `${host}:${port('argocdRepo')}`, '--repo-server-plaintext'],
      ...['--redis', redisAddress, '--metrics-port', String(metrics), '--loglevel', 'warn'],
    ],
    env: { ...env, ARGOCD_BINARY_NAME: 'argocd-application-controller', ARGOCD_CONTROLLER_SHARD: '0' },
    cwd: folder,
  });
  await awaitReady(repoServer, () => answersOk(`http://${host}:${repoMetrics}/healthz`));
  await awaitReady(controller, () => answersOk(`http://127.0.0.1:${metrics}/healthz`));
}

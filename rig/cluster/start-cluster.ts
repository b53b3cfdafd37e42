import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnv } from '../../toolkit/process/child-env.ts';
import { kubeClient, type KubeAccess, type KubeClient } from '../kube/client.ts';
import { awaitReady } from '../processes/await-ready.ts';
import type { Children } from '../processes/children.ts';
import type { Addresses } from './addresses.ts';
import { authorityOf, kubeconfigText } from './kubeconfig.ts';
import { createNodes, nodesReady } from './nodes.ts';
import { kwokStages } from './stages.ts';
import { createStorageClasses } from './volumes.ts';

export interface Cluster {
  readonly access: KubeAccess;
  readonly client: KubeClient;
  /** Path of the administrator's kubeconfig. */
  readonly kubeconfig: string;
}

export interface ClusterOptions {
  readonly dir: string;
  readonly addresses: Addresses;
  readonly children: Children;
  /** Path of an installed program or file: tool name, file name. */
  readonly tool: (name: string, file?: string) => string;
}

/** Starts etcd, the Kubernetes control plane, and kwok; resolves when the nodes are ready. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { dir, addresses, children, tool } = options;
  const { host, port } = addresses;
  const env = childEnv(process.env, 'plain');
  const start = (name: string, args: readonly string[]) =>
    children.spawn({ name, argv: [tool(name), ...args], env, cwd: dir });

  const etcdUrl = `http://${host}:${port('etcd')}`;
  const peerUrl = `http://${host}:${port('etcdPeer')}`;
  await start('etcd', [
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=${etcdUrl}`,
    `--advertise-client-urls=${etcdUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    // The state lives as long as the rig: nothing is lost that a power cut would not take anyway.
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]);

  const token = randomBytes(24).toString('hex');
  const accountKey = join(dir, 'service-accounts.key');
  const secret = { mode: 0o600 };
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, secret);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(accountKey, privateKey.export({ type: 'pkcs1', format: 'pem' }), secret);
  const apiserver = await start('kube-apiserver', [
    `--etcd-servers=${etcdUrl}`,
    `--cert-dir=${join(dir, 'certificates')}`,
    `--bind-address=${host}`,
    `--secure-port=${port('kubernetes')}`,
    // A documentation address (RFC 5737): the server refuses a loopback one, and nobody asks for it.
    '--advertise-address=192.0.2.1',
    '--endpoint-reconciler-type=none',
    `--token-auth-file=${join(dir, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${accountKey}`,
    `--service-account-signing-key-file=${accountKey}`,
    '--service-account-issuer=https://rig.invalid',
    '--service-cluster-ip-range=10.96.0.0/16',
  ]);

  const server = `https://${host}:${port('kubernetes')}`;
  let access: KubeAccess | undefined;
  await awaitReady(apiserver, async () => {
    const ca = authorityOf(readFileSync(join(dir, 'certificates/apiserver.crt'), 'utf8'));
    access = { server, ca, token };
    return kubeClient(access).isReady();
  });
  if (access === undefined) throw new Error('the API server is ready without a certificate');
  const client = kubeClient(access);
  const kubeconfig = join(dir, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigText(access), secret);

  await start('kube-controller-manager', [
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${accountKey}`,
    `--root-ca-file=${join(dir, 'certificates/apiserver.crt')}`,
    '--leader-elect=false',
    '--secure-port=0',
    // On a busy machine a late heartbeat is not a lost node.
    '--node-monitor-grace-period=5m',
  ]);
  await start('kube-scheduler', [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--secure-port=0']);
  const stages = join(dir, 'kwok-stages.yaml');
  writeFileSync(stages, kwokStages(tool('kwok-stages', '')));
  const kwok = await start('kwok', [
    `--kubeconfig=${kubeconfig}`,
    '--manage-all-nodes=true',
    `--cidr=${addresses.simulatedPods}`,
    `--node-ip=${host}`,
    `--server-address=${host}:${port('kwok')}`,
    // Where the API server asks for a pod's log: the rig's own answer.
    `--node-port=${port('kubelet')}`,
    `--config=${stages}`,
  ]);

  await createNodes(client);
  await createStorageClasses(client);
  await awaitReady(kwok, () => nodesReady(client));
  await awaitReady(apiserver, async () => {
    // Pods are refused until the controller manager has made the namespace's service account.
    const account = await client.get('/api/v1/namespaces/default/serviceaccounts/default');
    return account !== undefined;
  });
  return { access, client, kubeconfig };
}

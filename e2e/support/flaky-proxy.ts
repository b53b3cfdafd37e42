/** A TCP proxy in front of the API server that can go away and come back. */
import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { parse, stringify } from 'yaml';

export interface FlakyProxy {
  /** The kubeconfig as it was, with the proxy as its server. */
  readonly kubeconfig: string;
  /** Ends every connection and refuses new ones for this long, in ms. */
  readonly goAway: (ms: number) => void;
  readonly stop: () => Promise<void>;
}

interface Kubeconfig {
  clusters: { cluster: Record<string, unknown> & { server: string } }[];
}

export async function startFlakyProxy(kubeconfigPath: string): Promise<FlakyProxy> {
  const config = parse(readFileSync(kubeconfigPath, 'utf8')) as Kubeconfig;
  const cluster = config.clusters[0]?.cluster;
  if (cluster === undefined) throw new Error('the kubeconfig names no cluster');
  const upstream = new URL(cluster.server);
  const sockets = new Set<Socket>();
  let awayUntil = 0;
  const server = createServer((client) => {
    if (Date.now() < awayUntil) {
      client.destroy();
      return;
    }
    const target = connect(Number(upstream.port), upstream.hostname);
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cluster.server = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The certificate is for the address behind; the way to it is this machine's own.
  delete cluster['certificate-authority'];
  delete cluster['certificate-authority-data'];
  cluster['insecure-skip-tls-verify'] = true;
  return {
    kubeconfig: stringify(config),
    goAway: (ms) => {
      awayUntil = Date.now() + ms;
      for (const socket of sockets) socket.destroy();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}

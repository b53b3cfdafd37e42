import { freePort } from '../processes/free-port.ts';

/** Where the parts of one rig listen: all on one address of its own loopback network. */
export interface Addresses {
  readonly host: string;
  /** Addresses kwok gives to simulated pods. */
  readonly simulatedPods: string;
  /** First two bytes of the addresses of real pods: `127.N`; the third byte is 128 or more. */
  readonly prefix: string;
  readonly port: (name: PortName) => number;
}

const preferredPorts = {
  etcd: 2379,
  etcdPeer: 2380,
  kubernetes: 6443,
  kwok: 10_247,
  kubelet: 10_250,
  xds: 15_010,
  istiodHttp: 8085,
  istiodMonitoring: 15_014,
  istiodControl: 9876,
  envoyAdmin: 15_000,
  gateway: 8080,
  prometheus: 9090,
  redis: 6379,
  argocdRepo: 8081,
  argocdRepoMetrics: 8084,
} as const;

export type PortName = keyof typeof preferredPorts;

export async function chooseAddresses(network: number): Promise<Addresses> {
  const host = `127.${network}.255.1`;
  const ports = new Map<string, number>();
  for (const [name, preferred] of Object.entries(preferredPorts)) {
    ports.set(name, await freePort(host, preferred));
  }
  return {
    host,
    simulatedPods: `127.${network}.0.0/17`,
    prefix: `127.${network}`,
    port: (name) => ports.get(name) ?? preferredPorts[name],
  };
}

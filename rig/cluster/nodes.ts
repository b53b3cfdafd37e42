import type { KubeClient } from '../kube/client.ts';

const region = 'eu-west-1';
const pools = [
  { pool: 'stateless', zones: ['a', 'b', 'c'] },
  { pool: 'stateful', zones: ['a', 'b', 'c'] },
  { pool: 'tools', zones: ['a'] },
] as const;

/** The simulated nodes: three zones, a pool each for stateless work, stateful work and tools. */
export function nodeManifests(): { metadata: { name: string; labels: Record<string, string> } }[] {
  const resources = { cpu: '32', memory: '128Gi', pods: '110' };
  return pools.flatMap(({ pool, zones }) =>
    zones.map((zone) => {
      const name = `${pool}-${zone}`;
      return {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name,
          labels: {
            'kubernetes.io/os': 'linux',
            'kubernetes.io/arch': process.arch === 'arm64' ? 'arm64' : 'amd64',
            'kubernetes.io/hostname': name,
            'topology.kubernetes.io/region': region,
            'topology.kubernetes.io/zone': `${region}${zone}`,
            pool,
          },
        },
        status: { allocatable: resources, capacity: resources },
      };
    }),
  );
}

export async function createNodes(client: KubeClient): Promise<void> {
  await Promise.all(nodeManifests().map((node) => client.create('/api/v1/nodes', node)));
}

/** True when every node reports Ready. */
export async function nodesReady(client: KubeClient): Promise<boolean> {
  const list = await client.get<{
    items: { status: { conditions?: { type: string; status: string }[] } }[];
  }>('/api/v1/nodes');
  const items = list?.items ?? [];
  return (
    items.length === nodeManifests().length &&
    items.every((node) =>
      node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
    )
  );
}

import type { Pod } from './pod.ts';

const collection = (namespace: string): string =>
  `/apis/networking.istio.io/v1/namespaces/${namespace}/workloadentries`;

export function workloadEntryPath(pod: Pod): string {
  return `${collection(pod.metadata.namespace ?? '')}/${pod.metadata.name}`;
}

/**
 * How istiod learns of a ready pod. Kubernetes refuses loopback addresses in EndpointSlices, but istiod lets an ordinary
 * Service select WorkloadEntries by its own selector: address and labels are the pod's, named target ports come from `ports`.
 */
export function workloadEntry(pod: Pod, podIP: string): unknown {
  const ports = pod.spec.containers.flatMap((container) => container.ports ?? []);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
    spec: {
      address: podIP,
      labels: pod.metadata.labels ?? {},
      ports: Object.fromEntries(
        ports.flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort]])),
      ),
    },
  };
}

import type { KubernetesObject } from '../../toolkit/kubernetes/kubernetes.ts';

/** Small manifests for releases of tests; their pods are simulated and ready at once. */

export interface DeploymentOptions {
  readonly replicas?: number | undefined;
  /** No node fits: its pods stay pending. */
  readonly stuck?: boolean;
  /** Names of further containers. */
  readonly sidecars?: readonly string[];
}

export function deployment(name: string, image: string, options: DeploymentOptions = {}): string {
  const { replicas = 1, stuck = false, sidecars = [] } = options;
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: ${stuck ? '{pool: nowhere}' : '{}'}
      containers:
        - name: app
          image: ${image}
          resources: {requests: {cpu: 1000m, memory: 0.5Gi}}
          ports: [{name: http, containerPort: 3000}]
${sidecars.map((sidecar) => `        - {name: ${sidecar}, image: '${sidecar}:1'}\n`).join('')}`;
}

export function service(name: string, type: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  type: ${type}
  selector: {app: ${name}}
  ports: [{name: http, port: 80, targetPort: http}]
`;
}

export function autoscaler(name: string, min: number, max: number): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec:
  minReplicas: ${min}
  maxReplicas: ${max}
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}
  metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]
`;
}

export function configMap(name: string, value: string): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}}
data: {value: ${JSON.stringify(value)}}
`;
}

export function claim(name: string, annotations = '{}'): string {
  return `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}, annotations: ${annotations}}
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
`;
}

export interface StatefulSetOptions {
  readonly storage?: string;
  readonly stuck?: boolean;
  /** Default true: its container mounts a claim of its own. */
  readonly claim?: boolean;
}

export function statefulSet(name: string, image: string, options: StatefulSetOptions = {}): string {
  const { storage = '1Gi', stuck = false, claim: hasClaim = true } = options;
  return `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
spec:
  serviceName: ${name}
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 0
      nodeSelector: ${stuck ? '{pool: nowhere}' : '{}'}
      containers:
        - name: db
          image: ${image}
${hasClaim ? claimOf(storage) : ''}`;
}

function claimOf(storage: string): string {
  return `          volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: gp3
        resources: {requests: {storage: ${storage}}}
`;
}

/** A Job that Helm runs at these events; a failing one finds no node and gives up after some seconds. */
export function hookJob(
  name: string,
  events: string,
  options: { image?: string; fails?: boolean } = {},
): string {
  const { image = 'migrate:1', fails = false } = options;
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 0
${fails ? '  activeDeadlineSeconds: 8\n' : ''}  template:
    metadata: {annotations: {kwok.x-k8s.io/stage: complete}}
    spec:
      restartPolicy: Never
      nodeSelector: ${fails ? '{pool: nowhere}' : '{}'}
      containers: [{name: migrate, image: '${image}'}]
`;
}

export function manifests(...documents: string[]): string {
  return documents.join('---\n');
}

/** The image of the first container of a workload. */
export function imageOf(workload: KubernetesObject | undefined): string | undefined {
  const spec = workload?.spec as { template: { spec: { containers: { image: string }[] } } } | undefined;
  return spec?.template.spec.containers[0]?.image;
}

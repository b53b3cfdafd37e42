/** Small manifests for releases of tests; their pods are simulated and ready at once. */

export function deployment(name: string, image: string, more = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: app
          image: ${image}
          resources: {requests: {cpu: 10m, memory: 16Mi}}
${more}`;
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

export function statefulSet(
  name: string,
  image: string,
  options: { storage?: string; more?: string } = {},
): string {
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
      containers:
        - name: db
          image: ${image}
          volumeMounts: [{name: data, mountPath: /data}]
${options.more ?? ''}  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        storageClassName: gp3
        resources: {requests: {storage: ${options.storage ?? '1Gi'}}}
`;
}

/** A Job that Helm runs at these events. */
export function hookJob(name: string, events: string, image = 'migrate:1'): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events}
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: '${image}'}]
`;
}

export function manifests(...documents: string[]): string {
  return documents.join('---\n');
}

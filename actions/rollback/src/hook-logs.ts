import type { ReleaseHook } from '../../../toolkit/helm/helm.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';

/** The last log lines of the pods of rollback hooks, each headed by the pod's name. */
export async function hookLogs(
  kubernetes: KubernetesPort,
  namespace: string,
  hooks: readonly ReleaseHook[],
): Promise<string[]> {
  const jobs = hooks.filter(
    ({ kind, events }) => kind === 'Job' && events.some((event) => event.endsWith('-rollback')),
  );
  const lines = await Promise.all(
    jobs.map(async ({ name }) => {
      const pods = await kubernetes.list({
        resources: ['pods'],
        namespace,
        labelSelector: `job-name=${name}`,
      });
      const logs = await Promise.all(
        pods.slice(-2).map(async (pod) => {
          const text = await kubernetes.logs({ namespace, pod: pod.metadata.name, tailLines: 20 });
          return [
            `log of ${pod.metadata.name}:`,
            ...text
              .trim()
              .split('\n')
              .map((line) => `  ${line}`),
          ];
        }),
      );
      return logs.flat();
    }),
  );
  return lines.flat();
}

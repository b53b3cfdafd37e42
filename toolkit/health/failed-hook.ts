import type { ReleaseHook } from '../helm/helm.ts';
import type { KubernetesPort } from '../kubernetes/kubernetes.ts';
import { at, list, text } from '../manifests/fields.ts';

export interface FailedHook {
  readonly name: string;
  /** `failed: DeadlineExceeded` or `did not end`. */
  readonly why: string;
  /** The last log lines of its pods, each pod headed by its name. */
  readonly lines: readonly string[];
}

/**
 * The first Job of a hook of these operations (`rollback`, `upgrade` …) that is there and not complete; undefined when
 * hooks are not to blame.
 */
export async function failedHook(
  kubernetes: KubernetesPort,
  namespace: string,
  hooks: readonly ReleaseHook[],
  operations: readonly string[],
  /** UIDs of Jobs that an earlier run left behind: not to blame. */
  earlier: ReadonlySet<string | undefined> = new Set(),
): Promise<FailedHook | undefined> {
  const wanted = new Set(operations.flatMap((name) => [`pre-${name}`, `post-${name}`]));
  const jobs = hooks.filter(
    ({ kind, events }) => kind === 'Job' && events.some((event) => wanted.has(event)),
  );
  for (const { name } of jobs) {
    const job = await kubernetes.get({ resource: 'jobs.batch', name, namespace });
    if (job === undefined || earlier.has(job.metadata.uid)) continue;
    const conditions = list(at(job.status, 'conditions'));
    const is = (type: string): unknown =>
      conditions.find((item) => at(item, 'type') === type && at(item, 'status') === 'True');
    if (is('Complete') !== undefined) continue;
    const failed = is('Failed');
    const why = failed === undefined ? 'did not end' : `failed: ${text(at(failed, 'reason'))}`;
    return { name, why, lines: await logsOf(kubernetes, namespace, name) };
  }
  return undefined;
}

async function logsOf(kubernetes: KubernetesPort, namespace: string, job: string): Promise<string[]> {
  const labelSelector = `batch.kubernetes.io/job-name=${job}`;
  const pods = await kubernetes.list({ resources: ['pods'], namespace, labelSelector });
  const logs = await Promise.all(
    pods.slice(-2).map(async ({ metadata: { name: pod } }) => {
      const lines = await kubernetes.logs({ namespace, pod, tailLines: 20 });
      return [
        `log of ${pod}:`,
        ...lines
          .trim()
          .split('\n')
          .map((line) => `  ${line}`),
      ];
    }),
  );
  return logs.flat();
}

import type { KubernetesPort } from '../kubernetes/kubernetes.ts';
import { text } from './fields.ts';
import type { HealthReason } from './health.ts';

export interface Explanation {
  readonly reason: HealthReason;
  readonly logs: string;
  readonly events: readonly string[];
}

/** The last log lines and events of the first few pods that are to blame. Never throws: it only explains. */
export async function explain(
  kubernetes: KubernetesPort,
  reasons: readonly HealthReason[],
  limit = 3,
): Promise<readonly Explanation[]> {
  const blamed = reasons.filter(({ pod }) => pod !== undefined).slice(0, limit);
  return Promise.all(
    blamed.map(async (reason) => {
      const query = {
        namespace: reason.namespace,
        pod: reason.pod ?? reason.name,
        tailLines: 20,
        ...(reason.container === undefined ? {} : { container: reason.container }),
      };
      const crashed = reason.code === 'E_CRASHLOOP';
      const before = crashed ? await kubernetes.logs({ ...query, previous: true }) : '';
      const logs = before === '' ? await kubernetes.logs(query) : before;
      const events = await kubernetes
        .events({ namespace: reason.namespace, kind: 'Pod', name: query.pod })
        .catch(() => []);
      return {
        reason,
        logs: logs.trim(),
        events: events.slice(-5).map((event) => `${text(event.reason)}: ${text(event.message)}`),
      };
    }),
  );
}

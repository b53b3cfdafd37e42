import type { ErrorCode } from '../action/errors.ts';
import type { KubernetesPort } from '../kubernetes/kubernetes.ts';
import { refusalCode } from '../kubernetes/refusal-code.ts';
import { text } from './fields.ts';
import type { HealthReason } from './health.ts';

export interface Explanation {
  readonly reason: HealthReason;
  readonly logs: string;
  readonly events: readonly string[];
}

/**
 * The last log lines and events of the first few pods that are to blame, and the events of workloads without pods. A
 * reason whose events tell of quota or admission gets that code. Never throws: it only explains.
 */
export async function explain(
  kubernetes: Pick<KubernetesPort, 'logs' | 'events'>,
  reasons: readonly HealthReason[],
  limit = 3,
): Promise<readonly Explanation[]> {
  const withPod = reasons.filter(({ pod }) => pod !== undefined);
  const without = reasons.filter(({ pod }) => pod === undefined);
  return Promise.all(
    [...withPod, ...without].slice(0, limit).map((reason) => explainOne(kubernetes, reason)),
  );
}

async function explainOne(
  kubernetes: Pick<KubernetesPort, 'logs' | 'events'>,
  reason: HealthReason,
): Promise<Explanation> {
  const { namespace, name, kind, pod } = reason;
  const found = await kubernetes
    .events({ namespace, kind: pod === undefined ? kind : 'Pod', name: pod ?? name })
    .catch(() => []);
  const events = found.slice(-5).map((event) => `${text(event.reason)}: ${text(event.message)}`);
  const code = codeOf(reason, events);
  return { reason: { ...reason, code }, logs: await logsOf(kubernetes, reason), events };
}

function codeOf({ code }: HealthReason, events: readonly string[]): ErrorCode {
  return code === 'E_TIMEOUT' ? (refusalCode(events.join('\n')) ?? code) : code;
}

async function logsOf(
  kubernetes: Pick<KubernetesPort, 'logs'>,
  { namespace, pod, container, code }: HealthReason,
): Promise<string> {
  if (pod === undefined) return '';
  const query = { namespace, pod, tailLines: 20, ...(container === undefined ? {} : { container }) };
  // A container that waits to be started again has nothing to say yet; the one before it has.
  const before = code === 'E_CRASHLOOP' ? await kubernetes.logs({ ...query, previous: true }) : '';
  return (before === '' ? await kubernetes.logs(query) : before).trim();
}

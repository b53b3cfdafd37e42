import { UserError, type ErrorCode } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import { explain, type Explanation } from '../../../toolkit/health/explain.ts';
import type { HealthReason } from '../../../toolkit/health/health.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';

/** What was seen of one object that is to blame: its events, and the last lines of its log. */
export interface Evidence {
  readonly title: string;
  readonly lines: readonly string[];
}

/** A deploy that does not come up, with what is known of why. */
export class UnhealthyError extends UserError {
  readonly evidence: readonly Evidence[];

  constructor(
    error: { readonly code: ErrorCode; readonly message: string; readonly hint: string },
    evidence: readonly Evidence[],
    options?: ErrorOptions,
  ) {
    super(error.code, error.message, error.hint, options);
    this.evidence = evidence;
  }
}

/** The most telling reason gives the code; logs and events of the first few are the evidence. */
export async function unhealthy(
  kubernetes: Pick<KubernetesPort, 'logs' | 'events'>,
  reasons: readonly HealthReason[],
  outcome: 'failed' | 'timeout',
  cause?: unknown,
): Promise<UnhealthyError> {
  const explained = await explain(kubernetes, mostTelling(reasons));
  const telling = mostTelling(explained.map(({ reason }) => reason))[0];
  const what = outcome === 'failed' ? 'the release cannot become healthy' : 'not healthy in time';
  const shown = [...new Set(reasons.map(({ kind, name, message }) => `${kind} ${name}: ${message}`))];
  return new UnhealthyError(
    {
      code: telling?.code ?? 'E_TIMEOUT',
      message: `${what}: ${shown.slice(0, 5).join('; ')}`,
      hint: hintFor(telling),
    },
    explained.map(evidenceOf),
    { cause },
  );
}

/** Prints the evidence into the job log. */
export function showEvidence(log: Log, error: unknown): void {
  if (!(error instanceof UnhealthyError)) return;
  for (const { title, lines } of error.evidence) {
    log.info(title);
    for (const line of lines) log.raw(`  ${line}`);
  }
}

function mostTelling(reasons: readonly HealthReason[]): HealthReason[] {
  return [
    ...reasons.filter(({ code }) => code !== 'E_TIMEOUT'),
    ...reasons.filter(({ code }) => code === 'E_TIMEOUT'),
  ];
}

function hintFor(reason: HealthReason | undefined): string {
  const namespace = reason?.namespace ?? '';
  if (reason?.pod === undefined) return `look with \`kubectl -n ${namespace} get pods,events\``;
  return reason.code === 'E_CRASHLOOP'
    ? `read its log: \`kubectl -n ${namespace} logs ${reason.pod} --previous\``
    : `look with \`kubectl -n ${namespace} describe pod ${reason.pod}\``;
}

function evidenceOf({ reason, events, logs }: Explanation): Evidence {
  const log = logs === '' ? [] : ['log:', ...logs.split('\n').map((line) => `  ${line}`)];
  return { title: `${reason.kind}/${reason.name}: ${reason.message}`, lines: [...events, ...log] };
}

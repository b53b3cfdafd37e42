import { ToolError, UserError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { HealthInput, HealthReason } from '../../../toolkit/health/health.ts';
import { judgeHealth, watchedResources } from '../../../toolkit/health/judge-health.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import type { ApplyRequest, DeployUnit } from './unit.ts';

const lookEveryMs = 3_000;

/**
 * Applies and looks on: when a new pod cannot ever come up, the tool is told to stop at once instead of waiting for its
 * timeout, and the pod's reason is the error.
 */
export async function applyWatched(
  ports: ActionPorts,
  kubernetes: KubernetesPort,
  unit: DeployUnit,
  request: ApplyRequest,
  expected: HealthInput['expected'],
): Promise<void> {
  const namespaces = [...new Set(expected.map(({ namespace }) => namespace))];
  const list = async (): Promise<KubernetesObject[]> =>
    (
      await Promise.all(
        namespaces.map((namespace) => kubernetes.list({ resources: watchedResources, namespace })),
      )
    ).flat();

  const stop = new AbortController();
  const hopeless = new AbortController();
  const signal = AbortSignal.any([request.signal, hopeless.signal]);
  const watching = (async () => {
    const before = new Set((await list()).filter(isPod).map(({ metadata }) => metadata.uid));
    for (;;) {
      await ports.clock.sleep(lookEveryMs, stop.signal);
      // What crashed before this deploy is not its fault, and may be what it mends.
      const live = (await list()).filter((object) => !isPod(object) || !before.has(object.metadata.uid));
      const reason = fatalPod(judgeHealth({ expected, live, now: ports.clock.now() }));
      if (reason !== undefined && !stop.signal.aborted) hopeless.abort(healthError([reason], 'failed'));
    }
  })().catch(() => undefined);

  try {
    await unit.apply({ ...request, signal });
  } catch (error) {
    if (hopeless.signal.aborted && hopeless.signal.reason instanceof Error) throw hopeless.signal.reason;
    throw await explainTimeout(error, expected, list);
  } finally {
    stop.abort();
    await watching;
  }
}

/** Helm's own timeout says only that it waited; what it waited for is in the cluster. */
async function explainTimeout(
  error: unknown,
  expected: HealthInput['expected'],
  list: () => Promise<KubernetesObject[]>,
): Promise<unknown> {
  if (!(error instanceof ToolError) || error.code !== 'E_TIMEOUT') return error;
  const live = await list().catch(() => []);
  const verdict = judgeHealth({ expected, live, now: 0 });
  if (verdict.health === 'healthy' || live.length === 0) return error;
  return healthError(verdict.reasons, 'timeout', error);
}

function fatalPod(verdict: ReturnType<typeof judgeHealth>): HealthReason | undefined {
  return verdict.health === 'failed' ? verdict.reasons.find(({ pod }) => pod !== undefined) : undefined;
}

function isPod(object: KubernetesObject): boolean {
  return object.kind === 'Pod';
}

/** An unhealthy outcome as an error: the most telling reason gives the code. */
export function healthError(
  reasons: readonly HealthReason[],
  outcome: 'failed' | 'timeout',
  cause?: unknown,
): UserError {
  const telling = reasons.find(({ code }) => code !== 'E_TIMEOUT') ?? reasons[0];
  const texts = reasons.map(({ kind, name, message }) => `${kind} ${name}: ${message}`);
  const shown = [...new Set(texts)].slice(0, 5).join('; ');
  const code = telling?.code ?? 'E_TIMEOUT';
  const what = outcome === 'failed' ? 'the release cannot become healthy' : 'not healthy in time';
  const hint =
    telling?.pod === undefined
      ? `look with \`kubectl -n ${telling?.namespace ?? ''} get pods\``
      : `look with \`kubectl -n ${telling.namespace} describe pod ${telling.pod}\``;
  return new UserError(code, `${what}: ${shown}`, hint, { cause });
}

import { ToolError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { HealthInput, HealthReason } from '../../../toolkit/health/health.ts';
import { judgeHealth, watchedResources } from '../../../toolkit/health/judge-health.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { hookFailure } from './hook-failure.ts';
import { unhealthy } from './unhealthy.ts';
import type { ApplyRequest, DeployUnit } from './unit.ts';

const lookEveryMs = 3_000;

/** What is to come up, and the UIDs of what is there before anything is applied. */
export interface Earlier {
  readonly expected: HealthInput['expected'];
  readonly before: ReadonlySet<string | undefined>;
}

/**
 * Applies and looks on: when a new pod cannot ever come up, the tool is told to stop at once instead of waiting for its
 * timeout, and the pod's reason is the error.
 */
export async function applyWatched(
  ports: ActionPorts,
  kubernetes: KubernetesPort,
  unit: DeployUnit,
  request: ApplyRequest,
  { expected, before }: Earlier,
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
    for (;;) {
      await ports.clock.sleep(lookEveryMs, stop.signal);
      // What crashed before this deploy is not its fault, and may be what it mends.
      const live = (await list()).flatMap((object) =>
        before.has(object.metadata.uid) ? asBefore(object) : [object],
      );
      const reason = fatal(judgeHealth({ expected, live, now: ports.clock.now() }));
      if (reason === undefined) continue;
      const error = await unhealthy(kubernetes, [reason], 'failed');
      if (!stop.signal.aborted) hopeless.abort(error);
      return;
    }
  })().catch(() => undefined);

  try {
    await unit.apply({ ...request, signal });
  } catch (error) {
    if (hopeless.signal.aborted && hopeless.signal.reason instanceof Error) throw hopeless.signal.reason;
    throw await explained(error, kubernetes, request, { expected, before, list });
  } finally {
    stop.abort();
    await watching;
  }
}

/** Helm says at best which object it waited for; why is in the cluster: a hook that failed, or pods that do not come up. */
async function explained(
  error: unknown,
  kubernetes: KubernetesPort,
  request: ApplyRequest,
  watch: Earlier & { readonly list: () => Promise<KubernetesObject[]> },
): Promise<unknown> {
  if (!(error instanceof ToolError) || request.signal.aborted) return error;
  const hook = await hookFailure(kubernetes, request.hooks, watch.before, error).catch(() => undefined);
  if (hook !== undefined) return hook;
  if (error.code !== 'E_TIMEOUT' && error.code !== 'E_TOOL') return error;
  const live = await watch.list().catch(() => []);
  const verdict = judgeHealth({ expected: watch.expected, live, now: 0 });
  if (verdict.health === 'healthy' || live.length === 0) return error;
  return unhealthy(kubernetes, verdict.reasons, 'timeout', error);
}

/** Pods, and pods that no policy lets in; what a controller has given up may still be what this deploy mends. */
function fatal(verdict: ReturnType<typeof judgeHealth>): HealthReason | undefined {
  if (verdict.health !== 'failed') return undefined;
  return verdict.reasons.find(({ pod, code }) => pod !== undefined || code === 'E_ADMISSION');
}

/** An object that was there before, without what was wrong with it then. */
function asBefore(object: KubernetesObject): KubernetesObject[] {
  if (object.kind === 'Pod') return [];
  return [object.kind === 'ReplicaSet' ? { ...object, status: {} } : object];
}

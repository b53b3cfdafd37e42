import { assertNever, ToolError, UserError } from '../../../toolkit/action/errors.ts';
import {
  applications,
  healthOf,
  outOfSync,
  readApplication,
  resourcesOf,
  sourcedResources,
  sourcesIn,
  specOf,
  syncStatusOf,
  toPrune,
} from '../../../toolkit/argocd/application.ts';
import { runOperation, whenIdle, type Ending } from '../../../toolkit/argocd/run-operation.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import { helmErrorCode } from '../../../toolkit/helm/helm-error.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { canonical } from '../../../toolkit/manifests/fields.ts';
import { reasonsIn } from './argocd-state.ts';
import { asManifest, syncOf, wishFor, type Commit, type Wish } from './argocd-wish.ts';
import { unhealthy } from './unhealthy.ts';
import type { DeployUnit } from './unit.ts';

export interface ArgocdOptions {
  readonly kubernetes: KubernetesPort;
  readonly clock: Clock;
  readonly name: string;
  /** Of the Application itself. */
  readonly applicationNamespace: string;
  /** Where the branch deploys to. */
  readonly namespace: string;
  readonly commit: Commit;
}

/** An Argo CD Application as the unit of a deploy: its revision is set, and it is synced and waited for. */
export function argocdUnit(options: ArgocdOptions): DeployUnit {
  const { kubernetes, name, applicationNamespace } = options;
  const wish = async (): Promise<ReturnType<typeof wishFor>> =>
    wishFor(await readApplication(kubernetes, name, applicationNamespace), options.commit, options.namespace);
  return {
    list: () =>
      Promise.resolve([
        {
          name,
          namespace: applicationNamespace,
          kind: 'argocd',
          chart: name,
          chartVersion: '',
          installed: true,
          needs: [],
        },
      ]),
    render: async () => [
      { name, namespace: applicationNamespace, manifest: asManifest(name, await wish()), hooks: '' },
    ],
    apply: async (request) => {
      request.signal.throwIfAborted();
      const { timeoutMs, signal } = request;
      const operation = { ...options, namespace: applicationNamespace, timeoutMs, signal };
      const application = await whenIdle(operation);
      const wanted = wishFor(application, options.commit, options.namespace);
      try {
        const sync = syncOf(wanted, request.description);
        const ending = await runOperation(operation, application, sync, isSettled(kubernetes));
        await requireThere(kubernetes, name, wanted, ending);
      } catch (error) {
        // With the lock lost the Application is another run's.
        const isLost = signal.reason instanceof UserError && signal.reason.code === 'E_LOCKED';
        if (!isLost) await putBack(options, application, wanted).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Healthy, but for what the sources no longer hold, and nothing is left to do that a sync without pruning does. */
const isSettled =
  (kubernetes: KubernetesPort) =>
  async (application: KubernetesObject): Promise<boolean> => {
    const isHealthy = healthOf(application) === 'Healthy';
    if (syncStatusOf(application) === 'Synced') return isHealthy;
    if (toPrune(application).length === 0) return false;
    return isHealthy || (await reasonsIn(kubernetes, sourcedResources(application))).length === 0;
  };

async function requireThere(
  kubernetes: KubernetesPort,
  name: string,
  { revisions, isMulti }: Wish,
  ending: Ending,
): Promise<void> {
  switch (ending.ended) {
    case 'failed':
      throw syncError(name, ending.message);
    case 'late':
      throw await late(kubernetes, ending.application, ending.operation);
    case 'over': {
      if (syncStatusOf(ending.application) === 'Synced') return;
      const revision = isMulti ? '' : ` --revision ${revisions[0] ?? ''}`;
      throw new UserError(
        'E_PARTIAL',
        `Application ${name} is synced, but still holds what its sources no longer do: ${toPrune(ending.application).join(', ')}`,
        `remove it, or see it removed: \`argocd app sync ${name}${revision} --prune\`; then run this again`,
      );
    }
    default:
      return assertNever(ending);
  }
}

/** After a failure the Application names again what it named before: the next sync by hand must not bring the bad commit. */
async function putBack(
  { kubernetes, name, applicationNamespace: namespace }: ArgocdOptions,
  before: KubernetesObject,
  wanted: Wish,
): Promise<void> {
  const { metadata, spec } = await readApplication(kubernetes, name, namespace);
  if (canonical(sourcesIn(spec).sources) !== canonical(wanted.sources)) return;
  const { resourceVersion } = metadata;
  const { sources, isMulti } = sourcesIn(before.spec);
  await kubernetes.patch(
    { resource: applications, name, namespace },
    { metadata: { resourceVersion }, spec: specOf(sources, isMulti) },
    { type: 'merge', fieldManager: 'gated-delivery' },
  );
}

async function late(
  kubernetes: KubernetesPort,
  application: KubernetesObject,
  operation: string,
): Promise<UserError> {
  const reasons = await reasonsIn(kubernetes, resourcesOf(application));
  if (reasons.length > 0) return unhealthy(kubernetes, reasons, 'timeout');
  const { name } = application.metadata;
  const differing = outOfSync(application);
  if (operation === 'succeeded' && healthOf(application) === 'Healthy' && differing.length > 0) {
    return new UserError(
      'E_CONFLICT',
      `Application ${name} is out of sync right after its sync: ${differing.join(', ')}`,
      `see who changes it: \`argocd app diff ${name}\`, or name the fields in its ignoreDifferences`,
    );
  }
  return new UserError(
    'E_TIMEOUT',
    `Application ${name} is ${syncStatusOf(application)} and ${healthOf(application)}, and its sync ${operation}`,
    `look at it: \`argocd app get ${name}\``,
  );
}

function syncError(name: string, message: string): ToolError {
  return new ToolError(helmErrorCode(message), `Argo CD could not sync ${name}: ${message}`, {
    argv: ['argocd', 'app', 'sync', name],
    exitCode: null,
    stderrTail: '',
  });
}

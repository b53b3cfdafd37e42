import { ToolError, UserError } from '../../../toolkit/action/errors.ts';
import {
  applications,
  healthOf,
  isReconciled,
  operationState,
  readApplication,
  syncStatusOf,
} from '../../../toolkit/argocd/application.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import { helmErrorCode } from '../../../toolkit/helm/helm-error.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { at } from '../../../toolkit/manifests/fields.ts';
import { applicationReasons } from './argocd-state.ts';
import { asManifest, syncPatch, wishFor, type Commit } from './argocd-wish.ts';
import { unhealthy } from './unhealthy.ts';
import type { ApplyRequest, DeployUnit } from './unit.ts';

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

const lookEveryMs = 1_000;

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
      const application = await readApplication(kubernetes, name, applicationNamespace);
      if (at(application, 'operation') !== undefined) {
        throw new UserError(
          'E_RELEASE_BUSY',
          `Argo CD is at work on Application ${name}`,
          `wait for it: \`argocd app wait ${name} --operation\``,
        );
      }
      const since = options.clock.now();
      await kubernetes.patch(
        { resource: applications, name, namespace: applicationNamespace },
        syncPatch(await wish(), request.description),
        { type: 'merge', fieldManager: 'gated-delivery' },
      );
      await waitForSync(options, request, since);
    },
  };
}

/** Until the operation is over, everything is in sync, and Argo CD calls it healthy. */
async function waitForSync(options: ArgocdOptions, request: ApplyRequest, since: number): Promise<void> {
  const { kubernetes, clock, name, applicationNamespace } = options;
  const { signal, timeoutMs } = request;
  const end = async (): Promise<void> => {
    await stopOperation(options).catch(() => undefined);
  };
  for (;;) {
    const application = await readApplication(kubernetes, name, applicationNamespace);
    const operation = operationState(application, since);
    if (operation.state === 'failed') throw syncError(name, operation.message);
    const isThere = syncStatusOf(application) === 'Synced' && healthOf(application) === 'Healthy';
    if (operation.state === 'succeeded' && isReconciled(application) && isThere) return;
    if (clock.now() >= since + timeoutMs) {
      await end();
      throw await late(kubernetes, application, operation.state);
    }
    await clock.sleep(lookEveryMs, signal).catch(async (error: unknown) => {
      await end();
      throw error;
    });
  }
}

/** What `argocd app terminate-op` does. */
async function stopOperation({ kubernetes, name, applicationNamespace }: ArgocdOptions): Promise<void> {
  const application = await readApplication(kubernetes, name, applicationNamespace);
  if (at(application.status, 'operationState', 'phase') !== 'Running') return;
  await kubernetes.patch(
    { resource: applications, name, namespace: applicationNamespace },
    { status: { operationState: { phase: 'Terminating' } } },
    { type: 'merge', fieldManager: 'gated-delivery' },
  );
}

async function late(
  kubernetes: KubernetesPort,
  application: KubernetesObject,
  operation: string,
): Promise<UserError> {
  const reasons = await applicationReasons(kubernetes, application);
  if (reasons.length > 0) return unhealthy(kubernetes, reasons, 'timeout');
  const { name } = application.metadata;
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

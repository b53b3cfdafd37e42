import { ToolError, UserError } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import {
  applications,
  healthOf,
  isAutomated,
  operationState,
  rollbackOperation,
  syncHistory,
} from '../../../toolkit/argocd/application.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';

export interface ApplicationRollback {
  readonly kubernetes: KubernetesPort;
  readonly clock: Clock;
  readonly log: Log;
  readonly name: string;
  readonly namespace: string;
  /** The ledger's revision: the history id and one. */
  readonly revision: number;
  readonly reason: string;
  readonly pauseAutoSync: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const lookEveryMs = 1_000;

/** Syncs an Application to an entry of its own history and waits until that is done and healthy. */
export async function rollApplication(request: ApplicationRollback): Promise<void> {
  const { kubernetes, clock, log, name, namespace, revision, reason } = request;
  const application = await read(request);
  const sync = syncHistory(application).find(({ id }) => id === revision - 1);
  if (sync === undefined) {
    throw new UserError(
      'E_NO_TARGET',
      `Application ${name} has no sync ${revision - 1} in its history`,
      'raise its revisionHistoryLimit for the next time, and sync to a commit by hand now',
    );
  }
  // To write over an operation that Argo CD has not taken up yet would lose it.
  if (application.operation !== undefined) {
    throw new UserError(
      'E_RELEASE_BUSY',
      `Argo CD is at work on Application ${name}`,
      `wait for it: \`argocd app wait ${name} --operation\``,
    );
  }
  if (isAutomated(application)) await pauseAutoSync(request);
  const since = clock.now();
  log.info(`${name}: back to sync ${sync.id} of ${sync.revisions.join(', ')}`);
  await kubernetes.patch(
    { resource: applications, name, namespace },
    { operation: rollbackOperation(sync, reason) },
    { type: 'merge', fieldManager: 'gated-delivery' },
  );
  await waitForSync(request, since);
}

/** With automated sync Argo CD would go forward again at once, so it is refused unless pausing is allowed. */
async function pauseAutoSync({
  kubernetes,
  log,
  name,
  namespace,
  pauseAutoSync: allowed,
}: ApplicationRollback): Promise<void> {
  if (!allowed) {
    throw new UserError(
      'E_CONFLICT',
      `Application ${name} syncs by itself and would go forward again`,
      'set `pause-auto-sync: true`, and switch it on again after the fix',
    );
  }
  log.warning(`${name}: automated sync is switched off; switch it on again after the fix`);
  await kubernetes.patch(
    { resource: applications, name, namespace },
    { spec: { syncPolicy: { automated: null } } },
    { type: 'merge', fieldManager: 'gated-delivery' },
  );
}

async function waitForSync(request: ApplicationRollback, since: number): Promise<void> {
  const { clock, name, timeoutMs, signal } = request;
  const deadline = since + timeoutMs;
  for (;;) {
    const application = await read(request);
    const operation = operationState(application, since);
    if (operation.state === 'failed') {
      throw new ToolError('E_ROLLBACK_UNHEALTHY', `Argo CD could not sync ${name}: ${operation.message}`, {
        argv: ['argocd', 'app', 'rollback', name],
        exitCode: null,
        stderrTail: '',
      });
    }
    const health = healthOf(application);
    if (operation.state === 'succeeded' && health === 'Healthy') return;
    if (clock.now() >= deadline) {
      throw new UserError(
        'E_ROLLBACK_UNHEALTHY',
        `Application ${name} is ${health} and its sync ${operation.state} after the timeout`,
        `look at it: \`argocd app get ${name}\``,
      );
    }
    await clock.sleep(lookEveryMs, signal);
  }
}

async function read({ kubernetes, name, namespace }: ApplicationRollback): Promise<KubernetesObject> {
  const application = await kubernetes.get({ resource: applications, name, namespace });
  if (application !== undefined) return application;
  throw new UserError(
    'E_NO_TARGET',
    `there is no Application ${name} in ${namespace}`,
    'check `release` and `namespace`',
  );
}

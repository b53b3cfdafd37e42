import { assertNever, ToolError, UserError } from '../../../toolkit/action/errors.ts';
import type { Log } from '../../../toolkit/action/log.ts';
import {
  applications,
  healthOf,
  isAutomated,
  rollbackSync,
  sourcesIn,
  specOf,
  syncHistory,
  type ApplicationSync,
} from '../../../toolkit/argocd/application.ts';
import { runOperation, whenIdle } from '../../../toolkit/argocd/run-operation.ts';
import type { Clock } from '../../../toolkit/clock/clock.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { at, text } from '../../../toolkit/manifests/fields.ts';

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

/** Syncs an Application to an entry of its own history and waits until that is done and healthy. */
export async function rollApplication(request: ApplicationRollback): Promise<void> {
  const { log, name, revision, reason } = request;
  const application = await read(request);
  const sync = syncHistory(application).find(({ id }) => id === revision - 1);
  if (sync === undefined) {
    throw new UserError(
      'E_NO_TARGET',
      `Application ${name} has no sync ${revision - 1} in its history`,
      'raise its revisionHistoryLimit for the next time, and sync to a commit by hand now',
    );
  }
  const idle = await whenIdle(request);
  if (isAutomated(idle)) await pauseAutoSync(request);
  log.info(`${name}: back to sync ${sync.id} of ${sync.revisions.join(', ')}`);
  const spec = specBack(idle, sync);
  const operation = {
    ...(spec === undefined ? {} : { spec }),
    info: { name: 'Reason', value: reason },
    sync: rollbackSync(sync),
  };
  const isHealthy = (seen: KubernetesObject): boolean => healthOf(seen) === 'Healthy';
  const ending = await runOperation(request, idle, operation, isHealthy);
  switch (ending.ended) {
    case 'over':
      return;
    case 'failed':
      throw new ToolError('E_ROLLBACK_UNHEALTHY', `Argo CD could not sync ${name}: ${ending.message}`, {
        argv: ['argocd', 'app', 'rollback', name],
        exitCode: null,
        stderrTail: '',
      });
    case 'late':
      throw new UserError(
        'E_ROLLBACK_UNHEALTHY',
        `Application ${name} is ${healthOf(ending.application)} and its sync ${ending.operation} after the timeout`,
        `look at it: \`argocd app get ${name}\``,
      );
    default:
      return assertNever(ending);
  }
}

/**
 * Sources that a deploy has set to its commit are set to that of the target, so that the next sync by hand does not bring
 * the bad one; those that name now what they named then, such as a branch, stay. undefined when all do.
 */
function specBack(application: KubernetesObject, sync: ApplicationSync): Record<string, unknown> | undefined {
  const now = sourcesIn(application.spec);
  const then = sourcesIn(sync);
  const named = (source: unknown): string => text(at(source, 'targetRevision'));
  const isSame = then.sources.every((source, index) => named(source) === named(now.sources[index]));
  if (isSame) return undefined;
  const back = then.sources.map((source, index) =>
    named(source) === named(now.sources[index])
      ? now.sources[index]
      : { ...(source as object), targetRevision: sync.revisions[index] ?? named(source) },
  );
  return specOf(back, then.isMulti);
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

async function read({ kubernetes, name, namespace }: ApplicationRollback): Promise<KubernetesObject> {
  const application = await kubernetes.get({ resource: applications, name, namespace });
  if (application !== undefined) return application;
  throw new UserError(
    'E_NO_TARGET',
    `there is no Application ${name} in ${namespace}`,
    'check `release` and `namespace`',
  );
}

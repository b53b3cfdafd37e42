import { createHash } from 'node:crypto';
import { UserError } from '../action/errors.ts';
import type { ReleaseRevision } from '../helm/helm.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import { at, canonical, list, text } from '../manifests/fields.ts';

export const applications = 'applications.argoproj.io';

/** One entry of an Application's deployment history. */
export interface ApplicationSync {
  /** The number `argocd app rollback` takes. */
  readonly id: number;
  /** Git commit, or chart version; one for each source. */
  readonly revisions: readonly string[];
  readonly source: unknown;
  readonly sources: readonly unknown[];
  /** RFC 3339. */
  readonly deployedAt: string;
}

/** What was synced, oldest first. */
export function syncHistory(application: KubernetesObject): ApplicationSync[] {
  return list(at(application.status, 'history')).flatMap((entry) => {
    const id = at(entry, 'id');
    if (typeof id !== 'number') return [];
    const revisions = list(at(entry, 'revisions')).map((revision) => text(revision));
    return [
      {
        id,
        revisions: revisions.length > 0 ? revisions : [text(at(entry, 'revision'))],
        source: at(entry, 'source'),
        sources: list(at(entry, 'sources')),
        deployedAt: text(at(entry, 'deployedAt')),
      },
    ];
  });
}

/** Hex digest of sources and exact revisions: equal when the same commit was synced from the same place. */
export function syncFingerprint({ revisions, source, sources }: ApplicationSync): string {
  return createHash('sha256')
    .update(canonical([revisions, source, sources]), 'utf8')
    .digest('hex');
}

/** The history in the shape of Helm's revisions: id as revision, fingerprint instead of a manifest's digest. */
export function applicationHistory(application: KubernetesObject): readonly ReleaseRevision[] {
  const history = syncHistory(application);
  return history.map((sync, index) => ({
    name: application.metadata.name,
    namespace: application.metadata.namespace ?? '',
    // Argo CD counts from 0, and 0 means "nothing applied" in the ledger.
    revision: sync.id + 1,
    status: index === history.length - 1 ? 'deployed' : 'superseded',
    description: '',
    lastDeployed: sync.deployedAt,
    chart: text(at(sync.source, 'path'), text(at(sync.source, 'chart'), 'application')),
    chartVersion: sync.revisions.join(','),
    appVersion: '',
    manifest: '',
    manifestSha256: syncFingerprint(sync),
    values: {},
    valuesSha256: '',
    hooks: [],
    applyMethod: undefined,
    secret: { name: '', resourceVersion: '', bytes: 0 },
  }));
}

/** Argo CD syncs by itself: whatever is rolled back would be synced forward again. */
export function isAutomated(application: KubernetesObject): boolean {
  const automated = at(application.spec, 'syncPolicy', 'automated');
  return automated !== undefined && automated !== null && at(automated, 'enabled') !== false;
}

/** The operation that goes back to an entry of the history, as `argocd app rollback` makes it. */
export function rollbackOperation(sync: ApplicationSync, reason: string): Record<string, unknown> {
  const isMulti = sync.sources.length > 0;
  return {
    initiatedBy: { username: 'gated-delivery' },
    info: [{ name: 'Reason', value: reason }],
    sync: {
      syncStrategy: { apply: {} },
      // As in Argo CD's own rollback: what came since may hold data, and is left for people to remove.
      prune: false,
      ...(isMulti
        ? { revisions: sync.revisions, sources: sync.sources }
        : { revision: sync.revisions[0] ?? '', source: sync.source }),
    },
  };
}

export type OperationState =
  | { readonly state: 'running' }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly message: string };

/** How far the operation begun after `since` (ms since the epoch) is. Argo CD writes whole seconds. */
export function operationState(application: KubernetesObject, since: number): OperationState {
  const status = at(application.status, 'operationState');
  const started = Date.parse(text(at(status, 'startedAt')));
  if (at(application, 'operation') !== undefined || !(started >= Math.floor(since / 1000) * 1000))
    return { state: 'running' };
  const phase = text(at(status, 'phase'));
  if (phase === 'Succeeded') return { state: 'succeeded' };
  if (phase === 'Failed' || phase === 'Error')
    return { state: 'failed', message: text(at(status, 'message')) };
  return { state: 'running' };
}

/** `Healthy`, `Progressing`, `Degraded`, `Suspended`, `Missing` or `Unknown`. */
export function healthOf(application: KubernetesObject): string {
  return text(at(application.status, 'health', 'status'), 'Unknown');
}

/** `Synced`, `OutOfSync` or `Unknown`. */
export function syncStatusOf(application: KubernetesObject): string {
  return text(at(application.status, 'sync', 'status'), 'Unknown');
}

/** What Argo CD says of state and health is of after the last sync, and about what was synced. */
export function isReconciled(application: KubernetesObject): boolean {
  const { status } = application;
  const finished = Date.parse(text(at(status, 'operationState', 'finishedAt')));
  const looked = Date.parse(text(at(status, 'reconciledAt')));
  const synced = revisionsOf(at(status, 'operationState', 'syncResult'));
  return looked >= finished && synced === revisionsOf(at(status, 'sync'));
}

function revisionsOf(value: unknown): string {
  const many = list(at(value, 'revisions')).map((revision) => text(revision));
  return many.length > 0 ? many.join(',') : text(at(value, 'revision'));
}

/** The Application; E_CONFIG when there is none. */
export async function readApplication(
  kubernetes: Pick<KubernetesPort, 'get'>,
  name: string,
  namespace: string,
): Promise<KubernetesObject> {
  const application = await kubernetes.get({ resource: applications, name, namespace });
  if (application !== undefined) return application;
  throw new UserError(
    'E_CONFIG',
    `there is no Application ${name} in namespace ${namespace}`,
    'check `argocd-application`: `name`, or `namespace/name` outside of `argocd`',
  );
}

/** One object that an Application made. */
export interface ApplicationResource {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** The objects an Application holds, by what Argo CD says of it. */
export function resourcesOf(application: KubernetesObject): readonly ApplicationResource[] {
  const own = text(at(application.spec, 'destination', 'namespace'));
  return list(at(application.status, 'resources')).map((resource) => ({
    kind: text(at(resource, 'kind')),
    name: text(at(resource, 'name')),
    namespace: text(at(resource, 'namespace'), own),
  }));
}

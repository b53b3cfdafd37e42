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

/** The sync that goes back to an entry of the history, as `argocd app rollback` makes it. */
export function rollbackSync(sync: ApplicationSync): Record<string, unknown> {
  return {
    syncStrategy: { apply: {} },
    // As in Argo CD's own rollback: what came since may hold data, and is left for people to remove.
    prune: false,
    ...(sync.sources.length > 0
      ? { revisions: sync.revisions, sources: sync.sources }
      : { revision: sync.revisions[0] ?? '', source: sync.source }),
  };
}

/** Sources as a merge patch of the spec; what is left out of a source is taken away. */
export function specOf(sources: readonly unknown[], isMulti: boolean): Record<string, unknown> {
  if (isMulti) return { sources };
  return { source: { targetRevision: null, ...(sources[0] as object) } };
}

/** Where an Application comes from: one source, or several. */
export function sourcesIn(spec: unknown): {
  readonly sources: readonly unknown[];
  readonly isMulti: boolean;
} {
  const many = list(at(spec, 'sources'));
  return many.length > 0
    ? { sources: many, isMulti: true }
    : { sources: [at(spec, 'source')], isMulti: false };
}

export type OperationState =
  | { readonly state: 'running' }
  | { readonly state: 'succeeded' }
  | { readonly state: 'failed'; readonly message: string };

/** How far the operation is that has this id among its information. */
export function operationState(application: KubernetesObject, id: string): OperationState {
  const status = at(application.status, 'operationState');
  const isThis = list(at(status, 'operation', 'info')).some((item) => at(item, 'value') === id);
  if (at(application, 'operation') !== undefined || !isThis) return { state: 'running' };
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
  return resourcesWhere(application, () => true);
}

/** Those of them that its sources hold, too. */
export function sourcedResources(application: KubernetesObject): readonly ApplicationResource[] {
  return resourcesWhere(application, (resource) => at(resource, 'requiresPruning') !== true);
}

/** `Kind/name` of what the sources no longer hold and only a sync that prunes removes. */
export function toPrune(application: KubernetesObject): string[] {
  return resourcesWhere(application, (resource) => at(resource, 'requiresPruning') === true).map(nameOf);
}

/** `Kind/name` of what is not as the sources say. */
export function outOfSync(application: KubernetesObject): string[] {
  return resourcesWhere(application, (resource) => at(resource, 'status') === 'OutOfSync').map(nameOf);
}

function nameOf({ kind, name }: ApplicationResource): string {
  return `${kind}/${name}`;
}

function resourcesWhere(
  application: KubernetesObject,
  is: (resource: unknown) => boolean,
): ApplicationResource[] {
  const own = text(at(application.spec, 'destination', 'namespace'));
  return list(at(application.status, 'resources'))
    .filter(is)
    .map((resource) => ({
      kind: text(at(resource, 'kind')),
      name: text(at(resource, 'name')),
      namespace: text(at(resource, 'namespace'), own),
    }));
}

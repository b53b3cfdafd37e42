import { readApplication, resourcesOf } from '../../../toolkit/argocd/application.ts';
import type { HealthInput } from '../../../toolkit/health/health.ts';
import type { HelmPort, ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { bundleHistory } from '../../../toolkit/kustomize/bundle-store.ts';
import type { Ledger, LedgerStore } from '../../../toolkit/ledger/ledger.ts';
import { comparableHistory } from './argocd-state.ts';
import { keyOfRelease, type WantedRelease } from './unit.ts';

/** What the cluster holds. */
export interface Observed {
  readonly ledger: Ledger;
  /** `namespace/name` → all revisions, oldest first. */
  readonly revisions: ReadonlyMap<string, readonly ReleaseRevision[]>;
  /** The objects of units whose manifest is elsewhere, by `namespace/name`. */
  readonly resources: ReadonlyMap<string, HealthInput['expected']>;
}

export interface Place {
  readonly namespace: string;
  readonly environment: string;
}

/** Reads the ledger and every revision of the namespaces the releases live in. */
export async function observe(
  {
    helm,
    ledger,
    kubernetes,
  }: { readonly helm: HelmPort; readonly ledger: LedgerStore; readonly kubernetes: KubernetesPort },
  place: Place,
  wanted: readonly WantedRelease[],
): Promise<Observed> {
  const namespaces = namespacesOf(place, wanted);
  const [snapshot, ...perNamespace] = await Promise.all([
    ledger.read(place.namespace, place.environment),
    ...namespaces.map((namespace) => helm.releases(namespace)),
  ]);
  const revisions = new Map<string, readonly ReleaseRevision[]>();
  perNamespace.forEach((releases, index) => {
    const namespace = namespaces[index] ?? '';
    for (const [name, history] of releases) revisions.set(keyOfRelease({ namespace, name }), history);
  });
  const resources = new Map<string, HealthInput['expected']>();
  for (const release of wanted) {
    const { kind, name, namespace } = release;
    if (kind === 'helm') continue;
    const application = kind === 'argocd' ? await readApplication(kubernetes, name, namespace) : undefined;
    const history =
      application === undefined
        ? await bundleHistory(kubernetes, namespace, name)
        : comparableHistory(application);
    if (history.length > 0) revisions.set(keyOfRelease(release), history);
    if (application !== undefined) resources.set(keyOfRelease(release), resourcesOf(application));
  }
  return { ledger: snapshot.ledger, revisions, resources };
}

/**
 * All namespaces concerned, sorted, so that two runs lock them in the same order. Where an Application is kept is Argo
 * CD's own.
 */
export function namespacesOf(place: Place, wanted: readonly WantedRelease[]): string[] {
  const own = wanted.filter(({ kind }) => kind !== 'argocd').map(({ namespace }) => namespace);
  return [...new Set([place.namespace, ...own])].sort();
}

/** `namespace/name` of what Helm may leave pending for this run; others' releases beside them are not touched. */
export function helmReleases(wanted: readonly WantedRelease[]): string[] {
  return wanted.filter(({ kind }) => kind === 'helm').map(keyOfRelease);
}

/** The revisions of this run's Helm releases. */
export function ours(
  { revisions }: Pick<Observed, 'revisions'>,
  wanted: readonly WantedRelease[],
): Observed['revisions'] {
  const keys = new Set(helmReleases(wanted));
  return new Map([...revisions].filter(([key]) => keys.has(key)));
}

/** The newest revision: what Helm calls current. */
export function newest(history: readonly ReleaseRevision[] | undefined): ReleaseRevision | undefined {
  const last = history?.at(-1);
  return last?.status === 'uninstalled' ? undefined : last;
}

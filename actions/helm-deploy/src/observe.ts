import type { HelmPort, ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { bundleHistory } from '../../../toolkit/kustomize/bundle-store.ts';
import type { Ledger, LedgerStore } from '../../../toolkit/ledger/ledger.ts';
import { keyOfRelease, type WantedRelease } from './unit.ts';

/** What the cluster holds. */
export interface Observed {
  readonly ledger: Ledger;
  /** `namespace/name` → all revisions, oldest first. */
  readonly revisions: ReadonlyMap<string, readonly ReleaseRevision[]>;
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
  for (const { kind, name, namespace } of wanted) {
    if (kind !== 'kustomize') continue;
    const history = await bundleHistory(kubernetes, namespace, name);
    if (history.length > 0) revisions.set(keyOfRelease({ namespace, name }), history);
  }
  return { ledger: snapshot.ledger, revisions };
}

/** All namespaces concerned, sorted, so that two runs lock them in the same order. */
export function namespacesOf(place: Place, wanted: readonly WantedRelease[]): string[] {
  return [...new Set([place.namespace, ...wanted.map(({ namespace }) => namespace)])].sort();
}

/** The newest revision: what Helm calls current. */
export function newest(history: readonly ReleaseRevision[] | undefined): ReleaseRevision | undefined {
  const last = history?.at(-1);
  return last?.status === 'uninstalled' ? undefined : last;
}

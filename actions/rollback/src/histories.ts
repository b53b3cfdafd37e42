import { applicationHistory, applications } from '../../../toolkit/argocd/application.ts';
import type { ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { bundleHistory } from '../../../toolkit/kustomize/bundle-store.ts';
import type { UnitKind } from '../../../toolkit/ledger/ledger.ts';

/** `namespace/name` → stored revisions, oldest first. */
export type Histories = ReadonlyMap<string, readonly ReleaseRevision[]>;

type Reader = Pick<ClusterPorts, 'helm' | 'kubernetes'>;

/** The stored revisions of one unit, oldest first: release Secrets, bundles, or an Application's syncs. */
export async function readHistory(
  { helm, kubernetes }: Reader,
  unit: { readonly name: string; readonly namespace: string; readonly kind: UnitKind },
): Promise<readonly ReleaseRevision[]> {
  const { name, namespace, kind } = unit;
  switch (kind) {
    case 'helm':
      return helm.history(name, namespace);
    case 'kustomize':
      return bundleHistory(kubernetes, namespace, name);
    case 'argocd': {
      const application = await kubernetes.get({ resource: applications, name, namespace });
      return application === undefined ? [] : applicationHistory(application);
    }
  }
}

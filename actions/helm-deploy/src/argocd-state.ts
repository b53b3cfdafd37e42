import {
  applicationHistory,
  sourcesIn,
  syncHistory,
  syncStatusOf,
} from '../../../toolkit/argocd/application.ts';
import type { HealthInput, HealthReason } from '../../../toolkit/health/health.ts';
import { look } from '../../../toolkit/health/watch-health.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { KubernetesObject, KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { asManifest } from './argocd-wish.ts';

/**
 * The syncs of an Application as revisions that can be compared with a wish. The last one counts as deployed only while
 * the cluster is as it says.
 */
export function comparableHistory(application: KubernetesObject): readonly ReleaseRevision[] {
  const syncs = syncHistory(application);
  const isSynced = syncStatusOf(application) === 'Synced';
  return applicationHistory(application).map((revision, index) => {
    const sync = syncs[index];
    const manifest =
      sync === undefined
        ? ''
        : asManifest(application.metadata.name, {
            sources: sourcesIn(sync).sources,
            revisions: sync.revisions,
          });
    return {
      ...revision,
      manifest,
      status: revision.status === 'deployed' && !isSynced ? 'failed' : revision.status,
    };
  });
}

/** What keeps these objects from being healthy. Never throws: it only explains. */
export async function reasonsIn(
  kubernetes: KubernetesPort,
  objects: HealthInput['expected'],
): Promise<readonly HealthReason[]> {
  const { verdict } = await look(kubernetes, objects, 0).catch(() => ({
    verdict: { health: 'healthy' as const },
  }));
  return verdict.health === 'healthy' ? [] : verdict.reasons;
}

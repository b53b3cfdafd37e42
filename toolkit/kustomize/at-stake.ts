import type { ReleaseRevision } from '../helm/helm.ts';
import { byKey, type ManifestObject } from '../manifests/manifest-object.ts';
import { parseManifests } from '../manifests/parse-manifests.ts';
import { isKept } from '../manifests/removed-objects.ts';

/**
 * The bundles whose objects may be there: the last one that was whole, and what came after it and may have been applied
 * in part. What an apply prunes and what a guard looks at must both be these.
 */
export function bundlesAtStake(history: readonly ReleaseRevision[]): readonly ReleaseRevision[] {
  const lastGood = history.findLast(({ status }) => status === 'deployed')?.revision ?? 0;
  return bundlesFrom(history, lastGood);
}

/** A revision and all later ones. */
export function bundlesFrom(
  history: readonly ReleaseRevision[],
  revision: number,
): readonly ReleaseRevision[] {
  return history.filter((bundle) => bundle.revision >= revision);
}

/**
 * The objects of all these bundles, each once: in its first form, or in one that is not marked to be kept, because
 * nobody knows which of them was applied last.
 */
export function objectsOf(bundles: readonly ReleaseRevision[], namespace: string): ManifestObject[] {
  const found = new Map<string, ManifestObject>();
  for (const { manifest } of bundles) {
    for (const [key, object] of byKey(parseManifests(manifest), namespace)) {
      const known = found.get(key);
      if (known === undefined || (isKept(known) && !isKept(object))) found.set(key, object);
    }
  }
  return [...found.values()];
}

import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { applyBundle } from '../../../toolkit/kustomize/apply-bundle.ts';
import { bundlesFrom, objectsOf } from '../../../toolkit/kustomize/at-stake.ts';
import { saveBundle, setBundleStatus } from '../../../toolkit/kustomize/bundle-store.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';

/** Applies the bundle of an earlier revision again as a new revision, and removes what came since. */
export async function rollBundle(
  kubernetes: KubernetesPort,
  history: readonly ReleaseRevision[],
  target: ReleaseRevision,
  now: string,
): Promise<void> {
  const { name, namespace, manifest } = target;
  const description = `Rollback to ${target.revision}`;
  const overlay = target.chart;
  const saved = await saveBundle(kubernetes, { name, namespace, manifest, description, overlay, now });
  try {
    await applyBundle(kubernetes, {
      name,
      namespace,
      objects: parseManifests(manifest),
      previous: objectsOf(bundlesFrom(history, target.revision), namespace),
      force: true,
      adopts: false,
    });
  } catch (error) {
    await setBundleStatus(kubernetes, saved, 'failed');
    throw error;
  }
  await setBundleStatus(kubernetes, saved, 'deployed');
}

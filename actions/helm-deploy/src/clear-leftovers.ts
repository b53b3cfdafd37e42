import { isStatus } from '../../../toolkit/kubernetes/kubectl-error.ts';
import type { KubernetesPort } from '../../../toolkit/kubernetes/kubernetes.ts';
import { findLeftovers, leftoverPatch } from '../../../toolkit/manifests/leftovers.ts';
import { isClusterWide } from '../../../toolkit/manifests/manifest-object.ts';
import { resourceOf } from '../../../toolkit/manifests/resource-name.ts';
import type { ReleasePlan } from './plan.ts';

/**
 * Takes what failed upgrades added out of the live objects before the next upgrade. A client-side apply compares with
 * the last revision that worked and does not see it, so a broken node selector or container would stay for ever.
 * Returns the fields that were removed.
 */
export async function clearLeftovers(
  kubernetes: KubernetesPort,
  { wanted, leftBehind }: Pick<ReleasePlan, 'wanted' | 'leftBehind'>,
): Promise<readonly string[]> {
  const cleared: string[] = [];
  for (const { target, givenUp } of leftBehind) {
    const place = isClusterWide(target.kind)
      ? {}
      : { namespace: target.metadata.namespace ?? wanted.namespace };
    const ref = { resource: resourceOf(target), name: target.metadata.name, ...place };
    const live = await kubernetes.get(ref);
    if (live === undefined) continue;
    const found = findLeftovers(givenUp, target, live);
    if (found.length === 0) continue;
    try {
      await kubernetes.patch(ref, leftoverPatch(found), { type: 'json' });
    } catch (error) {
      // The server keeps the field: Helm's own message about it will be the clearer one.
      if (!isStatus(error, 422)) throw error;
      continue;
    }
    cleared.push(...found.map(({ field }) => `${target.kind}/${target.metadata.name} ${field}`));
  }
  return cleared;
}

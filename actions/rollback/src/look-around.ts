import type { ClusterPorts } from '../../../toolkit/cluster/open-cluster.ts';
import { preflight, reach } from '../../../toolkit/cluster/preflight.ts';
import type { Inputs } from './inputs.ts';
import { observe, type Observation } from './observe.ts';
import type { Place } from './place.ts';

/**
 * What there is, whether this may be done, and which Helm does it: side by side, for each alone is mostly waiting, and a
 * bad version serves meanwhile. A server that does not answer is told first (E_AUTH), then a missing right (E_RBAC).
 */
export async function lookAround(
  cluster: Pick<ClusterPorts, 'kubernetes' | 'helm' | 'ledger'>,
  place: Pick<Place, 'environment' | 'namespace'>,
  inputs: Pick<Inputs, 'releases' | 'deploy'>,
): Promise<Observation> {
  const allowed = preflight(cluster.kubernetes, [place.namespace]);
  const seen = observe(cluster, place, inputs);
  // Kept for later. A rollback of other units does without Helm, and one of Helm's says itself that it is missing.
  const version = cluster.helm.version();
  for (const each of [allowed, seen, version]) each.catch(() => undefined);
  await reach(cluster.kubernetes);
  await allowed;
  return seen;
}

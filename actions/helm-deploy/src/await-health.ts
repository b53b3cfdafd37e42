import type { HealthInput } from '../../../toolkit/health/health.ts';
import { watchHealth } from '../../../toolkit/health/watch-health.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { revisionResources } from '../../../toolkit/ledger/live-workloads.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import type { Deployment } from './deploy.ts';
import { newest, type Observed } from './observe.ts';
import { unhealthy } from './unhealthy.ts';
import { keyOfRelease, type WantedRelease } from './unit.ts';

/**
 * Waits until every object of the stored manifests is healthy and stays so; throws the reason when that cannot be. Returns
 * what was seen then, with the revisions of StatefulSets and DaemonSets.
 */
export async function awaitHealth(
  { ports, inputs, cluster, wanted, signal }: Deployment,
  observed: Observed,
): Promise<readonly KubernetesObject[]> {
  const expected = expectedObjects(wanted, observed);
  const outcome = await watchHealth({
    kubernetes: cluster.kubernetes,
    clock: ports.clock,
    expected,
    timeoutMs: inputs.timeoutMs,
    stableMs: inputs.stableMs,
    signal,
    onProgress: ([first]) => {
      if (first !== undefined) ports.log.debug(`${first.kind} ${first.name}: ${first.message}`);
    },
  });
  if (outcome.outcome !== 'healthy')
    throw await unhealthy(cluster.kubernetes, outcome.reasons, outcome.outcome);
  const hasRevisions = outcome.live.some(({ kind }) => kind === 'StatefulSet' || kind === 'DaemonSet');
  if (!hasRevisions) return outcome.live;
  const namespaces = [...new Set(expected.map(({ namespace }) => namespace))];
  const revisions = await Promise.all(
    namespaces.map((namespace) => cluster.kubernetes.list({ resources: revisionResources, namespace })),
  );
  return [...outcome.live, ...revisions.flat()];
}

/** Every object of the stored manifests, and of Applications. */
function expectedObjects(wanted: readonly WantedRelease[], observed: Observed): HealthInput['expected'] {
  return wanted
    .filter(({ installed }) => installed)
    .flatMap((release) => {
      const elsewhere = observed.resources.get(keyOfRelease(release));
      if (elsewhere !== undefined) return elsewhere;
      const revision = newest(observed.revisions.get(keyOfRelease(release)));
      return parseManifests(revision?.manifest ?? '').map(({ kind, metadata }) => ({
        kind,
        name: metadata.name,
        namespace: metadata.namespace ?? release.namespace,
      }));
    });
}

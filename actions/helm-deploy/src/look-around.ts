import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { applications } from '../../../toolkit/argocd/application.ts';
import { preflight, requireAccess } from '../../../toolkit/cluster/preflight.ts';
import type { Cluster } from './cluster.ts';
import { namespacesOf, observe, type Observed, type Place } from './observe.ts';
import type { DeployUnit, WantedRelease } from './unit.ts';

/** What is wanted, whether it is allowed, and what there is: side by side, for each alone is mostly waiting. */
export async function lookAround(
  ports: Pick<ActionPorts, 'signal'>,
  cluster: Pick<Cluster, 'kubernetes' | 'helm' | 'ledger'>,
  place: Place,
  unit: DeployUnit,
): Promise<{ readonly wanted: readonly WantedRelease[]; readonly observed: Observed }> {
  const seeing = observe(cluster, place, []);
  // What may not be seen is told better by the preflight.
  seeing.catch(() => undefined);
  const [wanted] = await Promise.all([
    unit.list(ports.signal),
    preflight(cluster.kubernetes, [place.namespace]),
  ]);
  const others = namespacesOf(place, wanted).filter((namespace) => namespace !== place.namespace);
  const isSeen = others.length === 0 && wanted.every(({ kind }) => kind === 'helm');
  if (isSeen) return { wanted, observed: await seeing };
  await preflight(cluster.kubernetes, others);
  await requireAccess(
    cluster.kubernetes,
    wanted
      .filter(({ kind }) => kind === 'argocd')
      .flatMap(({ namespace }) =>
        ['get', 'patch'].map((verb) => ({ verb, resource: applications, namespace })),
      ),
  );
  return { wanted, observed: await observe(cluster, place, wanted) };
}

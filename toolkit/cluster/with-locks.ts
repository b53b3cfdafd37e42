import { UserError } from '../action/errors.ts';
import type { ActionPorts } from '../action/run-action.ts';
import { isPending } from '../helm/release-secret.ts';
import type { HeldLease } from '../ledger/lease.ts';
import type { ClusterPorts } from './open-cluster.ts';

/**
 * Runs `body` with the lock of every namespace, taken in the order of their names, so that no two runs wait for each other. Its signal aborts when the run is cancelled or a lock
 * is lost; the locks are freed in any case.
 */
export async function withLocks<T>(
  ports: ActionPorts,
  cluster: Pick<ClusterPorts, 'leases' | 'holder' | 'helm'>,
  namespaces: readonly string[],
  waiting: {
    readonly waitMs: number;
    /** Asked about the holder of an expired lease. */
    readonly isInProgress?: (identity: string) => Promise<boolean>;
  },
  body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const held: HeldLease[] = [];
  ports.state.save('namespaces', JSON.stringify(namespaces));
  try {
    for (const namespace of [...new Set(namespaces)].toSorted()) {
      const request = { namespace, holder: cluster.holder, signal: ports.signal, ...waiting };
      held.push(
        await cluster.leases.acquire(request).catch((error: unknown) => busy(cluster, namespace, error)),
      );
    }
    return await body(AbortSignal.any([ports.signal, ...held.map(({ lost }) => lost)]));
  } finally {
    await Promise.all(held.map((lease) => lease.release()));
  }
}

/** A lock that is held while Helm is at work says so by its own code. */
async function busy(cluster: Pick<ClusterPorts, 'helm'>, namespace: string, error: unknown): Promise<never> {
  if (!(error instanceof UserError) || error.code !== 'E_LOCKED') throw error;
  const releases = await cluster.helm.releases(namespace).catch(() => new Map<string, never>());
  for (const [name, history] of releases) {
    const last = history.at(-1);
    if (last === undefined || !isPending(last.status)) continue;
    throw new UserError(
      'E_RELEASE_BUSY',
      `release ${name} is ${last.status} since ${last.lastDeployed}: ${error.message}`,
      error.hint,
      { cause: error },
    );
  }
  throw error;
}

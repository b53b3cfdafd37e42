import { UserError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { withLocks } from '../../../toolkit/cluster/with-locks.ts';
import type { OpenCluster } from '../../../toolkit/cluster/open-cluster.ts';
import {
  claimedIdentity,
  isExpired,
  missingOwnership,
  previewLabels,
  type PreviewIdentity,
} from '../../../toolkit/environments/preview-identity.ts';

/** `removed`: it was there and is going. `gone`: there was nothing to remove. `renewed`: it is not over any more. */
export type TearDown = 'removed' | 'gone' | 'renewed';

/** True for the events that end a preview: a deleted branch and a closed pull request. */
export function endsPreview({ eventName, event }: ActionPorts['github']): boolean {
  if (eventName === 'delete') return event.ref_type === 'branch';
  return eventName.startsWith('pull_request') && event.action === 'closed';
}

/**
 * Removes a preview's namespace with everything in it, releases first, so that what they made outside of it goes too.
 * Throws E_OWNERSHIP when one of the ownership labels does not fit.
 */
export async function tearDown(
  ports: ActionPorts,
  cluster: OpenCluster,
  namespace: string,
  identity: PreviewIdentity,
  lockTimeoutMs: number,
  {
    dryRun,
    isOver = () => true,
  }: {
    /** Says what would be removed, and removes nothing. */
    readonly dryRun: boolean;
    readonly isOver?: (annotations: Readonly<Record<string, string>> | undefined) => boolean;
  },
): Promise<TearDown> {
  const ref = { resource: 'namespaces', name: namespace };
  const found = await cluster.kubernetes.get(ref);
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return 'gone';
  const missing = missingOwnership(found.metadata.labels, identity);
  if (missing.length > 0) {
    throw new UserError(
      'E_OWNERSHIP',
      `namespace ${namespace} is not the preview of ${identity.branch}: ${missing.join(', ')} does not fit`,
      'nothing was removed; remove it by hand if it is really to go',
    );
  }
  if (dryRun) return 'removed';
  return withLocks(ports, cluster, [namespace], { waitMs: lockTimeoutMs }, async (signal) => {
    // Whoever had the lock until now may have deployed it again, and with that given it more time.
    const held = await cluster.kubernetes.get(ref);
    if (held === undefined || held.metadata.uid !== found.metadata.uid) return 'gone' as const;
    if (!isOver(held.metadata.annotations)) return 'renewed' as const;
    const releases = await cluster.helm.releases(namespace);
    for (const name of releases.keys()) await cluster.helm.uninstall({ release: name, namespace, signal });
    const { uid } = found.metadata;
    await cluster.kubernetes.delete(ref, uid === undefined ? {} : { preconditions: { uid } });
    return 'removed' as const;
  });
}

/** Removes this repository's previews whose time is over; returns their namespaces. */
export async function sweepPreviews(
  ports: ActionPorts,
  cluster: OpenCluster,
  lockTimeoutMs: number,
  dryRun: boolean,
): Promise<readonly string[]> {
  const { repository } = ports.github;
  const labels = previewLabels({ repository, branch: '', slug: '' });
  const own = 'gated-delivery.dev/repository';
  const labelSelector = `gated-delivery.dev/preview=true,${own}=${labels[own] ?? ''}`;
  const found = await cluster.kubernetes.list({ resources: ['namespaces'], labelSelector });
  const swept: string[] = [];
  for (const { metadata } of found) {
    const identity = claimedIdentity(metadata);
    if (identity?.repository.toLowerCase() !== repository.toLowerCase()) continue;
    const isOver = (annotations: typeof metadata.annotations): boolean =>
      isExpired(annotations, ports.clock.now());
    if (!isOver(metadata.annotations)) continue;
    const options = { dryRun, isOver };
    if ((await tearDown(ports, cluster, metadata.name, identity, lockTimeoutMs, options)) === 'removed')
      swept.push(metadata.name);
  }
  return swept;
}

import type { HelmPort, ReleaseRevision } from './helm.ts';
import { isPending } from './release-secret.ts';

/**
 * Marks as failed what a dead process left pending, so that Helm works on it again. Only with the lock held; nothing
 * is deleted or uninstalled. Returns what was mended.
 */
export async function unstick(
  helm: HelmPort,
  revisions: ReadonlyMap<string, readonly ReleaseRevision[]>,
  why: string,
): Promise<readonly ReleaseRevision[]> {
  const stuck = [...revisions.values()].flatMap((history) => {
    const last = history.at(-1);
    return last !== undefined && isPending(last.status) ? [last] : [];
  });
  for (const revision of stuck) await helm.markFailed(revision, why);
  return stuck;
}

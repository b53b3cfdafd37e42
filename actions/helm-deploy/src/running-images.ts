import type { Ledger, LedgerEntry, LedgerImage } from '../../../toolkit/ledger/ledger.ts';
import type { ReleasePlan } from './plan.ts';

/**
 * The images of all releases, with the digests that nodes reported: from this deploy, and for a release that did not
 * change from the deploy that made its present revision.
 */
export function runningImages(
  ledger: Ledger,
  entry: LedgerEntry | undefined,
  plans: readonly Pick<ReleasePlan, 'wanted' | 'current'>[],
): LedgerImage[] {
  const newestFirst = [...(entry === undefined ? [] : [entry]), ...ledger.entries.toReversed()];
  return plans.flatMap(({ wanted, current }) => {
    const known = newestFirst
      .flatMap(({ releases }) => releases)
      .filter(({ name, namespace }) => name === wanted.name && namespace === wanted.namespace);
    const revision = entry === undefined ? (current?.revision ?? 0) : (known[0]?.revision ?? 0);
    return known.find((release) => release.revision === revision && release.images.length > 0)?.images ?? [];
  });
}

import type { BadCommit, Ledger, LedgerEntry, LedgerRelease, Phase, RollbackPlan } from './ledger.ts';

/** Pure changes of a ledger, for `LedgerStore.update`. Times are RFC 3339. */

/** Adds an entry, or replaces the one with its id. */
export function putEntry(ledger: Ledger, entry: LedgerEntry): Ledger {
  const known = ledger.entries.some(({ id }) => id === entry.id);
  return {
    ...ledger,
    branch: entry.branch === '' ? ledger.branch : entry.branch,
    entries: known
      ? ledger.entries.map((other) => (other.id === entry.id ? entry : other))
      : [...ledger.entries, entry],
  };
}

/** Changes the entry of that id; a ledger without it stays as it is. */
export function changeEntry(
  ledger: Ledger,
  id: string,
  now: string,
  change: (entry: LedgerEntry) => LedgerEntry,
): Ledger {
  return {
    ...ledger,
    entries: ledger.entries.map((entry) =>
      entry.id === id ? { ...change(entry), id: entry.id, updatedAt: now } : entry,
    ),
  };
}

/** Sets the phase of an entry and of all its releases that are not left as they were. */
export function setPhase(entry: LedgerEntry, phase: Phase, reason = entry.reason): LedgerEntry {
  return { ...entry, phase, reason, releases: entry.releases.map((release) => ({ ...release, phase })) };
}

/** Adds a plan, or replaces the one with its id. */
export function putPlan(ledger: Ledger, plan: RollbackPlan): Ledger {
  const known = ledger.plans.some(({ id }) => id === plan.id);
  return {
    ...ledger,
    plans: known
      ? ledger.plans.map((other) => (other.id === plan.id ? plan : other))
      : [...ledger.plans, plan],
  };
}

/** Records a commit that was rolled back; the first reason stays. */
export function addBad(ledger: Ledger, bad: BadCommit): Ledger {
  return ledger.bad.some(({ gitSha }) => gitSha === bad.gitSha)
    ? ledger
    : { ...ledger, bad: [...ledger.bad, bad] };
}

/** True when the newest record of this exact revision and manifest says verified. */
export function isVerified(
  ledger: Ledger,
  release: { name: string; namespace: string; revision: number; manifestSha256: string },
): boolean {
  return recordOf(ledger, release)?.phase === 'verified';
}

/**
 * The newest record of this exact revision and manifest: both must fit, for revision numbers return after an uninstall.
 * A deploy that left the release as it was and went wrong elsewhere says nothing against it, unless pods were undone.
 */
export function recordOf(
  ledger: Ledger,
  wanted: { name: string; namespace: string; revision: number; manifestSha256: string },
): LedgerRelease | undefined {
  for (const entry of ledger.entries.toReversed()) {
    const found = entry.releases.find(
      (release) =>
        release.name === wanted.name &&
        release.namespace === wanted.namespace &&
        release.revision === wanted.revision &&
        release.manifestSha256 === wanted.manifestSha256 &&
        (release.phase === 'verified' ||
          release.drifted === true ||
          release.revision !== release.previousRevision),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

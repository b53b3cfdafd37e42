import { changeEntry } from '../../../toolkit/ledger/ledger-edit.ts';
import type { Ledger } from '../../../toolkit/ledger/ledger.ts';

/** Entries that a dead run left open are failures: with the lock held nobody works on them. */
export function closeAbandoned(ledger: Ledger, now: string): Ledger {
  return ledger.entries
    .filter(({ phase }) => phase === 'planned' || phase === 'applying')
    .reduce(
      (all, { id }) =>
        changeEntry(all, id, now, (entry) => ({
          ...entry,
          phase: 'failed',
          reason: 'the run ended without a word',
          releases: entry.releases.map((release) =>
            release.phase === 'planned' || release.phase === 'applying'
              ? { ...release, phase: 'failed' }
              : release,
          ),
        })),
      ledger,
    );
}

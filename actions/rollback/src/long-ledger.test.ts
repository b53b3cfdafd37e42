import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLedger, serializeLedger } from '../../../toolkit/ledger/ledger-format.ts';
import type { LedgerEntry, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import { donePlan, entry, ledger, record, revision } from './fake-history.ts';
import { lastDeploy } from './scope.ts';
import { chooseTarget } from './target.ts';

describe('a ledger that was made shorter', () => {
  it('still knows which entries are rollbacks, so that a second rollback goes no further back', () => {
    const rounds = fc.array(fc.boolean(), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(rounds, fc.double({ min: 0.05, max: 1, noNaN: true }), (failing, share) => {
        const entries: LedgerEntry[] = [entry('first', 'verified', [record(1, 'm1', 'verified')])];
        const plans: RollbackPlan[] = [];
        let number = 1;
        let content = 'm1';
        for (const [round, fails] of [...failing, true].entries()) {
          const made = `n${round}`;
          number += 1;
          const phase = fails ? 'rolled-back' : 'verified';
          entries.push(entry(`d${round}`, phase, [record(number, made, phase)]));
          if (!fails) {
            content = made;
            continue;
          }
          number += 1;
          entries.push(entry(`r${round}`, 'verified', [record(number, content, 'verified')]));
          plans.push({ ...donePlan(`r${round}`), entryId: `d${round}`, reason: 'x'.repeat(200) });
        }
        // A drift of the last kind writes no entry; its plan is the newest.
        plans.push(donePlan('drift'));
        const full = ledger(entries, { plans });
        const short = parseLedger(serializeLedger(full, JSON.stringify(full).length * share), 'shop');
        const target = chooseTarget({
          name: 'api',
          namespace: 'shop',
          history: [revision(1, 'm1'), revision(number - 1, 'bad'), revision(number, content, 'deployed')],
          ledger: short,
          revisionBefore: number - 2,
          revision: undefined,
          allowUnverified: false,
          isUnfinished: false,
        });
        expect(target).toMatchObject({ kind: 'unchanged', why: 'it was rolled back already' });
        const last = lastDeploy(short);
        expect(last === undefined || last.id.startsWith('d') || last.id === 'first').toBe(true);
      }),
    );
  });
});

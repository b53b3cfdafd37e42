import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ReleaseStatus } from '../../../toolkit/helm/helm.ts';
import type { Phase } from '../../../toolkit/ledger/ledger.ts';
import { donePlan, entry, ledger, record, revision } from './fake-history.ts';
import { chooseTarget, type Target, type TargetRequest } from './target.ts';

const choose = (request: Partial<TargetRequest>): Target =>
  chooseTarget({
    name: 'api',
    namespace: 'shop',
    history: [],
    ledger: ledger([]),
    revisionBefore: undefined,
    revision: undefined,
    allowUnverified: false,
    isUnfinished: false,
    ...request,
  });

const goodThenBad = ledger([
  entry('d1', 'verified', [record(1, 'good', 'verified')]),
  entry('d2', 'failed', [record(2, 'bad', 'failed')]),
]);

describe('chooseTarget', () => {
  it('takes the newest verified revision that is not current', () => {
    const history = [revision(1, 'good'), revision(2, 'bad', 'deployed')];
    expect(choose({ history, ledger: goodThenBad })).toMatchObject({
      kind: 'roll',
      source: 'verified',
      to: { revision: 1 },
      gitSha: 'sha-d1',
    });
  });

  it('passes over failed revisions, also one that a failed rollback has marked superseded', () => {
    const history = [
      revision(1, 'good'),
      revision(2, 'bad', 'superseded'),
      revision(3, 'good', 'failed', 'Rollback "api" failed: timed out'),
      revision(4, 'worse', 'failed'),
    ];
    expect(choose({ history, ledger: goodThenBad })).toMatchObject({ kind: 'roll', to: { revision: 1 } });
  });

  it('goes again to the target of a rollback that failed', () => {
    const history = [
      revision(1, 'good'),
      revision(2, 'bad'),
      revision(3, 'good', 'failed', 'Rollback "api" failed'),
    ];
    expect(choose({ history, ledger: goodThenBad })).toMatchObject({ kind: 'roll', to: { revision: 1 } });
  });

  it('does nothing when the verified manifest is in place already', () => {
    const history = [
      revision(1, 'good'),
      revision(2, 'bad'),
      revision(3, 'good', 'deployed', 'Rollback to 1'),
    ];
    expect(choose({ history, ledger: goodThenBad })).toMatchObject({ kind: 'unchanged' });
  });

  it('goes on with a rollback that Helm has done and nobody has proved', () => {
    const history = [
      revision(1, 'good'),
      revision(2, 'bad'),
      revision(3, 'good', 'deployed', 'Rollback to 1'),
    ];
    expect(choose({ history, ledger: goodThenBad, isUnfinished: true })).toMatchObject({
      kind: 'roll',
      isApplied: true,
      to: { revision: 1 },
    });
  });

  it('never undoes a rollback', () => {
    const afterRollback = ledger(
      [
        entry('d0', 'verified', [record(1, 'older', 'verified')]),
        entry('d1', 'verified', [record(2, 'good', 'verified')]),
        entry('d2', 'rolled-back', [record(3, 'bad', 'rolled-back')]),
        entry('r1', 'verified', [record(4, 'good', 'verified')]),
      ],
      { plans: [donePlan('r1')] },
    );
    const history = [
      revision(1, 'older'),
      revision(2, 'good'),
      revision(3, 'bad'),
      revision(4, 'good', 'deployed'),
    ];
    expect(choose({ history, ledger: afterRollback, revisionBefore: 2 })).toEqual({
      kind: 'unchanged',
      at: history[3],
      why: 'it was rolled back already',
    });
  });

  it('leaves alone what the last deploy did not reach', () => {
    const history = [revision(1, 'older'), revision(2, 'good', 'deployed')];
    const known = ledger([
      entry('d1', 'verified', [record(1, 'older', 'verified')]),
      entry('d2', 'verified', [record(2, 'good', 'verified')]),
      entry('d3', 'failed', [record(0, '', 'failed', { previousRevision: 2 })]),
    ]);
    expect(choose({ history, ledger: known, revisionBefore: 2 }).kind).toBe('unchanged');
  });

  it('goes back behind a canary that its promotion found unchanged and verified', () => {
    const history = [revision(1, 'good'), revision(2, 'new', 'deployed')];
    const canary = entry('d2', 'deployed', [record(2, 'new', 'deployed')]);
    const promoted = entry('d3', 'verified', [record(2, 'new', 'verified', { previousRevision: 2 })]);
    const first = entry('d1', 'verified', [record(1, 'good', 'verified')]);
    const known = ledger([first, canary, promoted]);
    expect(choose({ history, ledger: known, revisionBefore: 2 })).toMatchObject({
      kind: 'roll',
      to: { revision: 1 },
    });
    // A deploy after it that left it as it was has nothing to undo.
    const later = entry('d4', 'verified', [record(2, 'new', 'verified', { previousRevision: 2 })]);
    const after = ledger([first, canary, promoted, later]);
    expect(choose({ history, ledger: after, revisionBefore: 2 }).kind).toBe('unchanged');
  });

  it('goes from a verified revision to the verified one before it', () => {
    const history = [revision(1, 'older'), revision(2, 'good', 'deployed')];
    const known = ledger([
      entry('d1', 'verified', [record(1, 'older', 'verified')]),
      entry('d2', 'verified', [record(2, 'good', 'verified')]),
    ]);
    expect(choose({ history, ledger: known, revisionBefore: 1 })).toMatchObject({
      kind: 'roll',
      to: { revision: 1 },
    });
  });

  it('says that the verified revision is pruned and where Helm would have gone', () => {
    const history = [revision(5, 'bad1', 'failed'), revision(6, 'bad2', 'deployed')];
    const target = choose({ history, ledger: goodThenBad });
    expect(target).toMatchObject({ kind: 'none' });
    expect(target.kind === 'none' ? `${target.why}; ${target.bare}` : '').toMatch(
      /revision 1 of api was verified, but its Secret is gone .* would have gone to revision 5 \(failed, api-1.0.0, which is failed\)/,
    );
  });

  it('does not take a revision of that number with another manifest', () => {
    const history = [revision(1, 'other'), revision(2, 'bad', 'deployed')];
    expect(choose({ history, ledger: goodThenBad }).kind).toBe('none');
  });

  it('takes an unverified one only when that is allowed, and none that was rolled away from', () => {
    const history = [
      revision(1, 'a'),
      revision(2, 'b'),
      revision(3, 'a', 'failed', 'Rollback "api" failed: timed out'),
      revision(4, 'c', 'deployed'),
    ];
    expect(choose({ history }).kind).toBe('none');
    expect(choose({ history, allowUnverified: true })).toMatchObject({
      kind: 'roll',
      source: 'unverified',
      to: { revision: 1 },
    });
  });

  describe('with an explicit revision', () => {
    const history = [revision(1, 'good'), revision(2, 'bad', 'failed'), revision(3, 'worse', 'deployed')];

    it('goes exactly there', () => {
      expect(choose({ history, revision: 1 })).toMatchObject({
        kind: 'roll',
        source: 'explicit',
        to: { revision: 1 },
      });
    });

    it('refuses what is not stored or failed', () => {
      expect(choose({ history, revision: 9 })).toMatchObject({ kind: 'none' });
      expect(choose({ history, revision: 2 })).toMatchObject({ kind: 'none' });
      expect(choose({ history, revision: 2, allowUnverified: true })).toMatchObject({ kind: 'roll' });
    });

    it('does nothing when that manifest is in place', () => {
      expect(choose({ history, revision: 3 }).kind).toBe('unchanged');
    });
  });

  it('never goes to a revision that was not verified, whatever happened before', () => {
    const status = fc.constantFrom<ReleaseStatus>(
      'deployed',
      'superseded',
      'failed',
      'pending-upgrade',
      'pending-rollback',
    );
    const phase = fc.constantFrom<Phase>('applying', 'deployed', 'verified', 'failed', 'rolled-back', 'bad');
    const content = fc.constantFrom('a', 'b', 'c');
    const steps = fc.array(
      fc.record({ status, phase, content, recorded: fc.boolean(), kept: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(steps, (made) => {
        const history = made.flatMap((step, index) =>
          step.kept || index === made.length - 1 ? [revision(index + 1, step.content, step.status)] : [],
        );
        const known = ledger(
          made.flatMap((step, index) =>
            step.recorded
              ? [entry(`d${index}`, step.phase, [record(index + 1, step.content, step.phase)])]
              : [],
          ),
        );
        const target = choose({ history, ledger: known });
        if (target.kind !== 'roll') return true;
        const made_ = made[target.to.revision - 1];
        return (
          history.includes(target.to) &&
          made_?.recorded === true &&
          made_.phase === 'verified' &&
          target.to.revision !== history.at(-1)?.revision
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('comes to rest: after going to the target there is nothing to do', () => {
    const content = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(content, { minLength: 2, maxLength: 6 }), fc.nat(), (made, good) => {
        const verified = good % made.length;
        const history = made.map((item, index) =>
          revision(index + 1, item, index === made.length - 1 ? 'deployed' : 'superseded'),
        );
        const entries = made.map((item, index) =>
          entry(`d${index}`, 'deployed', [
            record(index + 1, item, index === verified ? 'verified' : 'failed'),
          ]),
        );
        const target = choose({ history, ledger: ledger(entries) });
        if (target.kind !== 'roll') return true;
        const number = history.length + 1;
        const back = revision(number, target.to.manifestSha256, 'deployed', 'Rollback to 1');
        const rollback = entry('r', 'verified', [record(number, back.manifestSha256, 'verified')]);
        const after = ledger([...entries, rollback], { plans: [donePlan('r')] });
        return choose({ history: [...history, back], ledger: after }).kind === 'unchanged';
      }),
      { numRuns: 5_000 },
    );
  });
});

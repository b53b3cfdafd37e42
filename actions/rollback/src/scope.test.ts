import { describe, expect, it } from '@jest/globals';
import { donePlan, entry, ledger, record } from './fake-history.ts';
import { lastDeploy, resolveScope } from './scope.ts';

const three = entry('d1', 'failed', [
  record(1, 'm', 'failed', { name: 'mongodb' }),
  record(1, 'b', 'failed', { name: 'backend' }),
  record(1, 'f', 'failed', { name: 'frontend' }),
]);

describe('resolveScope', () => {
  it('takes every release of the last deploy, last deployed first', () => {
    const scope = resolveScope(ledger([three]), [], 'shop');
    expect(scope.kind === 'scope' && scope.releases.map(({ name }) => name)).toEqual([
      'frontend',
      'backend',
      'mongodb',
    ]);
  });

  it('looks past rollbacks to the deploy before them', () => {
    const known = ledger([three, entry('r1', 'verified', [])], { plans: [donePlan('r1')] });
    expect(lastDeploy(known)?.id).toBe('d1');
  });

  it('keeps the order of the deploy for named releases, and takes unknown ones too', () => {
    const scope = resolveScope(ledger([three]), ['other', 'mongodb', 'frontend'], 'shop');
    expect(scope.kind === 'scope' && scope.releases.map(({ name }) => name)).toEqual([
      'frontend',
      'mongodb',
      'other',
    ]);
  });

  it('has nothing without a deploy', () => {
    expect(resolveScope(ledger([]), [], 'shop').kind).toBe('none');
  });
});

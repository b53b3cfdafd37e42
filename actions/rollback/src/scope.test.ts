import { describe, expect, it } from '@jest/globals';
import { donePlan, entry, ledger, record } from './fake-history.ts';
import { helmReleases, lastDeploy, resolveScope, touchedNamespaces } from './scope.ts';

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

  it.each(['77', '77-1-deploy-5', 'sha-77-1-deploy-5'])(
    'undoes the deploy %s while it is the newest',
    (deploy) => {
      const known = ledger([three, entry('77-1-deploy-5', 'failed', [record(2, 'f2', 'failed')])]);
      expect(resolveScope(known, [], 'shop', deploy)).toMatchObject({
        kind: 'scope',
        entry: { gitSha: 'sha-77-1-deploy-5' },
      });
    },
  );

  it.each(['77', '7', 'sha-d1', 'd'])('is overtaken where the deploy %s is not the newest', (deploy) => {
    const known = ledger([three, entry('771-1-deploy-5', 'verified', [record(2, 'f2', 'verified')])]);
    expect(resolveScope(known, [], 'shop', deploy)).toEqual({
      kind: 'overtaken',
      why: `the newest deploy of shop is 771-1-deploy-5 of commit sha-771-1-deploy-5, and not ${deploy}`,
    });
    expect(resolveScope(known, ['api'], 'shop', deploy).kind).toBe('overtaken');
  });

  it('has nothing without a deploy', () => {
    expect(resolveScope(ledger([]), [], 'shop').kind).toBe('none');
  });
});

describe('what a rollback touches', () => {
  const scope = resolveScope(
    ledger([
      entry('d1', 'failed', [
        record(1, 'a', 'failed'),
        record(1, 'm', 'failed', { name: 'mongodb', namespace: 'data' }),
        record(1, 'o', 'failed', { name: 'overlay', kind: 'kustomize' }),
        record(1, 'x', 'failed', { name: 'app', namespace: 'argocd', kind: 'argocd' }),
      ]),
    ]),
    [],
    'shop',
  );

  it('is locked namespace by namespace, in the order of their names', () => {
    expect(touchedNamespaces(scope, 'shop')).toEqual(['data', 'shop']);
  });

  it("are the deploy's own Helm releases alone", () => {
    expect(helmReleases(scope)).toEqual(['data/mongodb', 'shop/api']);
  });
});

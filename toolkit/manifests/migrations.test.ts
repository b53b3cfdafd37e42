import { describe, expect, it } from '@jest/globals';
import { migrationsBetween, type RevisionHooks, type StoredHook } from './migrations.ts';

const hook = (manifest: string, events = ['pre-upgrade'], kind = 'Job'): StoredHook => ({
  name: 'migrate',
  kind,
  events,
  manifest,
});
const history = (...hooks: StoredHook[][]): RevisionHooks[] =>
  hooks.map((list, index) => ({ revision: index + 1, hooks: list }));

describe('migrationsBetween', () => {
  it('finds what ran after the target, failed revisions too', () => {
    const found = migrationsBetween(history([hook('1')], [hook('2')], [hook('3')]), 1, 3);
    expect(found.map((risk) => risk.message)).toEqual([
      'revision 2 ran the hook Job/migrate, which may have changed data',
      'revision 3 ran the hook Job/migrate, which may have changed data',
    ]);
  });

  it('leaves out what the target ran letter by letter', () => {
    expect(migrationsBetween(history([hook('1')], [hook('1\n')]), 1, 2)).toEqual([]);
  });

  it.each([
    ['a rollback hook', hook('2', ['pre-rollback'])],
    ['a test', hook('2', ['test'])],
    ['a ConfigMap', hook('2', ['pre-upgrade'], 'ConfigMap')],
  ])('leaves out %s', (_, other) => {
    expect(migrationsBetween(history([], [other]), 1, 2)).toEqual([]);
  });

  it('does not look beyond the current revision', () => {
    expect(migrationsBetween(history([hook('1')], [], [hook('3')]), 1, 2)).toEqual([]);
  });
});

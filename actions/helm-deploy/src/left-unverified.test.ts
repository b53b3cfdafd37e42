import { describe, expect, it } from '@jest/globals';
import { entryOf, recordOf } from './fake-release.ts';
import { leftUnverified } from './left-unverified.ts';

const sha = 'a'.repeat(40);
const one = (phase: Parameters<typeof entryOf>[0], release: Parameters<typeof recordOf>[0] = {}) =>
  entryOf({ ...phase, releases: [recordOf(release)] });

describe('leftUnverified', () => {
  it.each([
    ['died while it applied', [one({ phase: 'applying' }, { phase: 'applying', revision: 0 })], true],
    ['died as a canary before its gate', [one({ phase: 'deployed' }, { phase: 'deployed' })], true],
    ['failed with a new revision', [one({ phase: 'failed' }, { phase: 'failed' })], true],
    [
      'failed before anything changed',
      [one({ phase: 'failed' }, { phase: 'failed', revision: 0, previousRevision: 1 })],
      false,
    ],
    ['was verified', [one({ phase: 'verified' })], false],
    ['was rolled back', [one({ phase: 'rolled-back' }, { phase: 'rolled-back' })], false],
    ['is another commit', [one({ phase: 'deployed', gitSha: 'b'.repeat(40) }, { phase: 'deployed' })], false],
    ['is not the newest', [one({ phase: 'deployed' }, { phase: 'deployed' }), one({ gitSha: 'b' })], false],
    ['never was', [], false],
  ])('when the last deploy %s', (_, entries, expected) => {
    expect(leftUnverified({ entries }, sha)).toBe(expected);
  });
});

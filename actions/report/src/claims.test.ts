import { expect, it } from '@jest/globals';
import { checkedClaims } from './claims.ts';

const finished = { sha: 'b'.repeat(40), runUrl: 'https://github.com/r/5', at: '2026-05-01T10:00:00Z' };
const about = { sha: 'a'.repeat(40), at: '2099-01-01T00:00:00Z', runUrl: 'https://evil.example', note: 'n' };

it('takes how the checks came out, and commit, run and time from GitHub', () => {
  const lint = { ...about, subject: 'lint', outcome: 'findings', newCount: 1, totalCount: 2 };
  expect(checkedClaims([lint], finished)).toEqual([{ ...lint, ...finished }]);
});

it.each([
  { ...about, subject: 'deploy', environment: 'production', outcome: 'verified', url: '' },
  { ...about, subject: 'gate', environment: 'production', outcome: 'pass' },
  { ...about, subject: 'approval', environment: 'production', outcome: 'approved', by: 'ada' },
])('does not let foreign code speak of a $subject', (claim) => {
  expect(checkedClaims([claim], finished)).toEqual([]);
});

it('knows what is no list of results', () => {
  expect(checkedClaims({ hello: 1 }, finished)).toBeUndefined();
});

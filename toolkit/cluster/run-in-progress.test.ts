import { describe, expect, it } from '@jest/globals';
import { fakeGitHub } from '../github/fake-github.ts';
import { isRunInProgress } from './run-in-progress.ts';

const run = { id: 7, attempt: 2, status: 'in_progress', conclusion: null };

describe('isRunInProgress', () => {
  it.each([
    ['shop/shop/7/2/deploy', 'in_progress', true],
    ['shop/shop/7/1/deploy', 'in_progress', false],
    ['shop/shop/7/2/deploy', 'completed', false],
    ['shop/shop/8/1/deploy', 'in_progress', false],
    ['local/0/1/job', 'in_progress', false],
    ['nonsense', 'in_progress', false],
  ])('%s with a run that is %s: %s', async (identity, status, expected) => {
    const github = fakeGitHub();
    github.runs.set(7, { ...run, status } as never);
    expect(await isRunInProgress(() => github, identity)).toBe(expected);
  });

  it('takes a run that cannot be asked for as over', async () => {
    const github = fakeGitHub();
    github.failure = new Error('no permission');
    expect(await isRunInProgress(() => github, 'shop/shop/7/2/deploy')).toBe(false);
  });
});

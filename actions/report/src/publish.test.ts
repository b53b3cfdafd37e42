import { beforeEach, expect, it } from '@jest/globals';
import { UserError } from '../../../toolkit/action/errors.ts';
import { fakeGitHub, type FakeGitHub } from '../../../toolkit/github/fake-github.ts';
import type { Chapter } from '../../../toolkit/github/story/chapter.ts';
import { publish } from './publish.ts';

const sha = 'a'.repeat(40);
const about = { sha, at: '2026-05-01T10:00:00Z', runUrl: 'https://github.com/r/5', note: '' };
const chapters: Chapter[] = [
  { ...about, subject: 'lint', outcome: 'pass', newCount: 0, totalCount: 0 },
  { ...about, subject: 'tests', outcome: 'fail' },
];

let github: FakeGitHub;
let warnings: string[];
const ports = (): Parameters<typeof publish>[0] => {
  const ignore = (): void => undefined;
  const warning = (message: string): void => {
    warnings.push(message);
  };
  const group = <T>(_: string, body: () => Promise<T>): Promise<T> => body();
  return {
    log: { info: ignore, notice: ignore, warning, error: ignore, debug: ignore, raw: ignore, group },
    signal: new AbortController().signal,
  };
};
beforeEach(() => {
  github = fakeGitHub();
  warnings = [];
});

it('sets a status per gate and tells the story on the pull request of the commit', async () => {
  github.pullRequests.push({
    number: 7,
    title: '',
    draft: false,
    headSha: sha,
    headRef: 'x',
    headRepository: 'stranger/shop',
    baseSha: sha,
    baseRef: 'main',
  });
  const done = await publish(ports(), github, { sha, pullRequest: undefined }, chapters);
  expect(done).toEqual({ isComplete: true, pullRequest: 7 });
  expect(github.statuses.map(({ context, state }) => `${context} ${state}`)).toEqual([
    'gated-delivery/lint success',
    'gated-delivery/tests failure',
  ]);
  expect(github.comments.get('7/story')).toContain('Not ready: look at tests.');
});

it('comments nowhere when the commit belongs to no pull request', async () => {
  const done = await publish(ports(), github, { sha, pullRequest: undefined }, chapters);
  expect(done).toEqual({ isComplete: true, pullRequest: undefined });
  expect(github.comments.size).toBe(0);
});

it('says nothing when there is nothing to say', async () => {
  await publish(ports(), github, { sha, pullRequest: 7 }, []);
  expect([github.statuses.length, github.comments.size]).toEqual([0, 0]);
});

it('warns once for each thing it could not do, and goes on', async () => {
  github.failure = new UserError('E_GITHUB', 'no permission', 'give it');
  const done = await publish(ports(), github, { sha, pullRequest: 7 }, chapters);
  expect(done).toEqual({ isComplete: false, pullRequest: 7 });
  expect(warnings).toHaveLength(2);
  expect(warnings[0]).toContain('no permission');
});

import { describe, expect, it } from '@jest/globals';
import { finishedRun, subjectOf } from './subject.ts';

const sha = 'a'.repeat(40);
const head = 'b'.repeat(40);
const pullRequest = (repository: string | null): Record<string, unknown> => ({
  pull_request: {
    number: 7,
    head: { sha: head, repo: repository === null ? null : { full_name: repository } },
  },
});
const github = { sha, event: {}, eventName: 'push', repository: 'example/shop', actor: 'octocat' };

describe('subjectOf', () => {
  it('is the commit of a push, and its pull request has to be looked for', () => {
    expect(subjectOf(github)).toEqual({ sha, pullRequest: undefined, deferred: '' });
  });

  it('is the head of a pull request, not the merge that is tested', () => {
    const found = subjectOf({ ...github, eventName: 'pull_request', event: pullRequest('Example/Shop') });
    expect(found).toEqual({ sha: head, pullRequest: 7, deferred: '' });
  });

  it.each([
    ['a fork', pullRequest('stranger/shop'), 'octocat', 'stranger/shop'],
    ['a deleted fork', pullRequest(null), 'octocat', 'a deleted repository'],
    ['Dependabot', pullRequest('example/shop'), 'dependabot[bot]', 'Dependabot'],
  ])('is left to a later run for %s', (_, event, actor, reason) => {
    expect(subjectOf({ ...github, eventName: 'pull_request', event, actor }).deferred).toContain(reason);
  });
});

describe('finishedRun', () => {
  const run = {
    event: 'pull_request',
    head_sha: head,
    html_url: 'https://github.com/example/shop/actions/runs/5',
    updated_at: '2026-05-01T12:00:00+02:00',
  };
  it('takes commit, address and time from GitHub', () => {
    expect(finishedRun({ eventName: 'workflow_run', event: { workflow_run: run } })).toEqual({
      sha: head,
      runUrl: run.html_url,
      at: '2026-05-01T10:00:00Z',
    });
  });

  it.each([
    ['another event', 'push', { workflow_run: run }],
    ['the end of a push', 'workflow_run', { workflow_run: { ...run, event: 'push' } }],
    ['an event without a commit', 'workflow_run', { workflow_run: { ...run, head_sha: 'main' } }],
  ])('refuses %s', (_, eventName, event) => {
    expect(() => finishedRun({ eventName, event })).toThrow('belongs into a workflow');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiError, UserError } from '../../toolkit/action/errors.ts';
import type { CheckAnnotation, GitHubPort } from '../../toolkit/github/github-port.ts';
import { octokitGitHub } from '../../toolkit/github/octokit-github.ts';
import { startGitHub, type GitHubStandIn } from './github.ts';
import type { RepositoryState } from './state.ts';
import type { Level } from './tokens.ts';

const sha = 'a'.repeat(40);

let github: GitHubStandIn;
let warnings: string[];

beforeEach(async () => {
  warnings = [];
  github = await startGitHub({ repositories: { 'example/shop': {} } });
});
afterEach(async () => {
  await github.stop();
});

const state = (): RepositoryState => github.state.repository('example/shop');

function port(
  options: { token?: string; signal?: AbortSignal; timeoutMs?: number; apiUrl?: string } = {},
): GitHubPort {
  const ignore = (): void => undefined;
  return octokitGitHub({
    token: options.token ?? github.token,
    apiUrl: options.apiUrl ?? github.url,
    repository: 'example/shop',
    signal: options.signal ?? new AbortController().signal,
    secondMs: 1,
    timeoutMs: options.timeoutMs ?? 30_000,
    log: {
      info: ignore,
      notice: ignore,
      warning: (message) => warnings.push(message),
      error: ignore,
      debug: ignore,
      raw: ignore,
      group: (_, body) => body(),
    },
  });
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error as Error,
  );
}

describe('octokitGitHub', () => {
  afterEach(() => {
    expect(github.violations).toEqual([]);
  });

  it('sets a status and cuts its description to what GitHub takes', async () => {
    await port().createCommitStatus({ sha, state: 'failure', context: 'gate', description: 'ü'.repeat(200) });
    expect(state().statuses[0]).toMatchObject({
      context: 'gate',
      state: 'failure',
      description: `${'ü'.repeat(139)}…`,
    });
  });

  it.each([
    [0, 1],
    [50, 1],
    [51, 2],
    [120, 3],
  ])('sends %i annotations in %i requests and loses none', async (count, requests) => {
    const annotations = Array.from({ length: count }, (_, index): CheckAnnotation => ({
      path: 'a b.js',
      startLine: index + 1,
      endLine: index + 1,
      startColumn: 3,
      level: 'warning',
      message: `finding ${index + 1}`,
    }));
    const check = {
      headSha: sha,
      name: 'lint',
      conclusion: 'failure',
      title: 't',
      summary: 's',
      annotations,
    } as const;
    const id = await port().createCheckRun(check);
    const found = state().checkRuns.find((each) => each.id === id);
    expect(found).toMatchObject({ status: 'completed', conclusion: 'failure' });
    expect(found?.annotations.map(({ message }) => message)).toEqual(
      annotations.map(({ message }) => message),
    );
    expect(github.state.requests).toHaveLength(requests);
  });

  it("keeps one comment per marker, leaves an equal one alone, and takes over nobody else's", async () => {
    const comment = { issue: 7, marker: 'story', body: 'first' };
    state().comments.push({
      id: 1,
      issue: 7,
      body: '<!-- gated-delivery:story -->\nof a stranger',
      author: 'mallory',
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: '2026-01-01T00:00:00Z',
      edits: 0,
    });
    expect(await port().upsertStickyComment(comment)).toBe('created');
    expect(await port().upsertStickyComment(comment)).toBe('unchanged');
    expect(await port().upsertStickyComment({ ...comment, body: 'second' })).toBe('updated');
    expect(await port().upsertStickyComment({ ...comment, marker: 'scan' })).toBe('created');
    expect(state().comments.map(({ body, edits }) => [body, edits])).toEqual([
      ['<!-- gated-delivery:story -->\nof a stranger', 0],
      ['<!-- gated-delivery:story -->\nsecond', 1],
      ['<!-- gated-delivery:scan -->\nfirst', 0],
    ]);
  });

  it('finds its comment among hundreds', async () => {
    for (let id = 1; id <= 250; id += 1) {
      const when = '2026-01-01T00:00:00Z';
      const body = id === 230 ? '<!-- gated-delivery:story -->\nold' : `comment ${id}`;
      const author = 'github-actions[bot]';
      state().comments.push({ id, issue: 7, body, author, createdAt: when, updatedAt: when, edits: 0 });
    }
    expect(await port().upsertStickyComment({ issue: 7, marker: 'story', body: 'new' })).toBe('updated');
    expect(state().comments).toHaveLength(250);
  });

  it('writes a comment once although the answer was lost', async () => {
    github.faults.add({ operation: 'issues/create-comment', times: 1, fault: { kind: 'lost-answer' } });
    expect(await port().upsertStickyComment({ issue: 7, marker: 'story', body: 'text' })).toBe('created');
    expect(state().comments).toHaveLength(1);
  });

  it('goes on from the present text, and leaves one of two comments that were made at the same time', async () => {
    const add = (word: string) => (current: string) =>
      [...new Set([...current.split(' ').filter((each) => each !== ''), word])].sort().join(' ');
    const edit = (word: string): Promise<string> =>
      port().editStickyComment({ issue: 7, marker: 'story', edit: add(word) });
    expect([await edit('scan'), await edit('lint'), await edit('lint')]).toEqual([
      'created',
      'updated',
      'unchanged',
    ]);
    const [first] = state().comments;
    if (first === undefined) throw new Error('no comment');
    state().comments.push({ ...first, id: first.id + 1, body: '<!-- gated-delivery:story -->\ngate' });
    expect(await edit('deploy')).toBe('updated');
    expect(state().comments.map(({ id, body }) => [id, body])).toEqual([
      [first.id, '<!-- gated-delivery:story -->\ndeploy lint scan'],
    ]);
  });

  it('edits again when another job wrote in between', async () => {
    const { comments } = state();
    let calls = 0;
    await port().editStickyComment({
      issue: 7,
      marker: 'story',
      edit: (current) => {
        calls += 1;
        // The other job's write lands after our look and before ours is looked at again.
        if (calls === 2 && comments[0] !== undefined)
          comments[0].body = '<!-- gated-delivery:story -->\nother';
        return current.includes('mine') ? current : `${current} mine`.trim();
      },
    });
    await port().editStickyComment({
      issue: 7,
      marker: 'story',
      edit: (current) => `${current.replace(' mine', '')} mine`,
    });
    expect(comments.map(({ body }) => body)).toEqual(['<!-- gated-delivery:story -->\nother mine']);
  });

  it('reads who has to approve an environment', async () => {
    state().environments.set('production', {
      id: 9,
      name: 'production',
      waitTimerMinutes: 5,
      reviewers: [
        { type: 'User', name: 'ada', id: 1 },
        { type: 'Team', name: 'sre', id: 2 },
      ],
      preventSelfReview: true,
      branchPolicy: 'protected',
    });
    expect(await port().getEnvironment('production')).toEqual({
      name: 'production',
      reviewers: ['ada', 'sre'],
      preventSelfReview: true,
      waitMinutes: 5,
      branches: 'protected',
    });
    expect(await port().getEnvironment('preview/x y')).toBeUndefined();
  });

  it('deploys on request and says how it went', async () => {
    const deployment = { ref: sha, environment: 'dev', description: 'd', production: false, transient: true };
    const id = await port().createDeployment(deployment);
    await port().createDeploymentStatus(id, {
      state: 'success',
      description: 'done',
      environmentUrl: 'https://dev.example.com',
    });
    expect(state().deployments[0]).toMatchObject({
      environment: 'dev',
      sha,
      statuses: [{ state: 'success' }],
    });
  });

  it('finds the pull request of a commit, open ones only, and its files', async () => {
    const pull = {
      title: 'X',
      merged: false,
      draft: false,
      base: { ref: 'main', sha: 'b'.repeat(40) },
      author: 'ada',
    };
    const head = { ref: 'x', sha, repository: 'fork/shop' };
    const files = Array.from({ length: 130 }, (_, index) => ({ filename: `${index}.js`, status: 'added' }));
    state().pulls.push(
      { ...pull, number: 6, state: 'closed', head },
      { ...pull, number: 7, state: 'open', head, files },
    );
    expect(await port().findPullRequestBySha(sha)).toMatchObject({ number: 7, headRepository: 'fork/shop' });
    expect(await port().findPullRequestBySha('c'.repeat(40))).toBeUndefined();
    state().pulls.push({ ...pull, number: 8, state: 'closed', merged: true, mergeSha: 'd'.repeat(40), head });
    expect(await port().findPullRequestBySha('d'.repeat(40))).toMatchObject({ number: 8 });
    const list = await port().listPullRequestFiles(7);
    expect([list.files.length, list.complete]).toEqual([130, true]);
  });

  it('uploads SARIF and asks how it went', async () => {
    const log = JSON.stringify({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: 'ESLint' } }, results: [] }],
    });
    const id = await port().uploadSarif({ commitSha: sha, ref: 'refs/heads/main', log });
    expect(await port().getSarifState(id)).toEqual({ state: 'complete', errors: [] });
    expect(state().sarifs[0]?.log).toEqual(JSON.parse(log));
  });

  it('reads a run, and undefined for none', async () => {
    state().runs.push({
      id: 5,
      name: 'delivery',
      event: 'push',
      headSha: sha,
      headBranch: 'main',
      attempt: 2,
      status: 'completed',
      conclusion: 'cancelled',
      jobs: [],
      startedAt: '2026-05-01T10:00:00Z',
    });
    expect(await port().getWorkflowRun(5)).toEqual({
      status: 'completed',
      conclusion: 'cancelled',
      attempt: 2,
    });
    expect(await port().getWorkflowRun(6)).toBeUndefined();
  });

  it('reads what reviewers said of the environments of a run', async () => {
    const review = {
      environments: ['production'],
      state: 'rejected',
      by: 'ada',
      comment: 'not today',
    } as const;
    state().reviews.push({ runId: 5, ...review }, { runId: 6, ...review, state: 'approved' });
    expect(await port().listReviews(5)).toEqual([review]);
    expect(await port().listReviews(7)).toEqual([]);
  });
});

describe('octokitGitHub when GitHub fails', () => {
  const status = { sha, state: 'success', context: 'gate', description: '' } as const;

  it.each<[Record<string, Level>, (p: GitHubPort) => Promise<unknown>, string]>([
    [{ contents: 'read' }, (p) => p.createCommitStatus(status), 'statuses: write'],
    [{ checks: 'read' }, (p) => p.getEnvironment('dev'), 'actions: read'],
    [
      { statuses: 'write' },
      (p) => p.upsertStickyComment({ issue: 1, marker: 'a', body: 'b' }),
      'pull-requests: read',
    ],
    [
      {},
      (p) =>
        p.createDeployment({
          ref: sha,
          environment: 'd',
          description: '',
          production: false,
          transient: false,
        }),
      'deployments: write',
    ],
    [
      {},
      (p) => p.uploadSarif({ commitSha: sha, ref: 'refs/heads/main', log: '{}' }),
      'security-events: write',
    ],
    [
      {},
      (p) =>
        p.createCheckRun({
          headSha: sha,
          name: 'x',
          conclusion: 'success',
          title: '',
          summary: '',
          annotations: [],
        }),
      'checks: write',
    ],
  ])('names the permission that a token with %j lacks', async (permissions, call, missing) => {
    const error = await failure(call(port({ token: github.addToken(permissions).value })));
    if (!(error instanceof UserError)) throw error;
    expect(error.code).toBe('E_GITHUB');
    expect(error.message).toContain(missing);
    expect(error.hint).toContain('permissions:');
  });

  it('calls a wrong token wrong, also when it is revoked in the middle', async () => {
    const token = github.addToken({ statuses: 'write', contents: 'read' });
    const client = port({ token: token.value });
    await client.createCommitStatus(status);
    token.revoke();
    expect(await failure(client.createCommitStatus(status))).toMatchObject({
      name: 'UserError',
      code: 'E_AUTH',
    });
  });

  it.each([
    [{ kind: 'secondary-limit', retryAfterSeconds: 30 }, 'secondary rate'],
    [{ kind: 'rate-limit', resetSeconds: 40 }, 'rate'],
  ] as const)('waits out %j and says so', async (fault, word) => {
    github.faults.add({ times: 1, fault });
    await port().createCommitStatus(status);
    expect(state().statuses).toHaveLength(1);
    expect(warnings.join()).toMatch(new RegExp(`${word} limit at POST .*waiting \\d+ s`));
  });

  it('gives up on a limit that lasts longer than a run should', async () => {
    github.faults.add({ fault: { kind: 'secondary-limit', retryAfterSeconds: 600 } });
    const error = await failure(port().createCommitStatus(status));
    expect(error).toMatchObject({ name: 'ApiError', code: 'E_GITHUB', status: 429 });
    expect(error.message).toContain('rate limit');
    expect(github.state.requests).toHaveLength(1);
  });

  it('repeats on a server error, and gives up with status and request id', async () => {
    github.faults.add({ times: 2, fault: { kind: 'server-error', status: 502 } });
    await port().createCommitStatus(status);
    expect(state().statuses).toHaveLength(1);
    github.faults.add({ fault: { kind: 'server-error', status: 503 } });
    const error = await failure(port().createCommitStatus(status));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 503, requestId: expect.stringMatching(/^RIG:/) });
    expect(github.state.requests.filter((request) => request.status === 503)).toHaveLength(4);
  });

  it.each([
    ['an HTML page', { kind: 'not-json' }],
    ['another shape', { kind: 'wrong-shape', body: { id: 'text' } }],
  ] as const)('refuses %s instead of believing it', async (_, fault) => {
    github.faults.add({ fault });
    const check = {
      headSha: sha,
      name: 'x',
      conclusion: 'success',
      title: '',
      summary: '',
      annotations: [],
    } as const;
    const error = await failure(port().createCheckRun(check));
    expect(error).toBeInstanceOf(ApiError);
    expect(error.message).toContain('makes no sense while making a check run');
  });

  it.each([
    ['the connection is cut', { kind: 'hang-up' }, {}],
    ['the answer takes too long', { kind: 'slow', ms: 60_000 }, { timeoutMs: 50 }],
  ] as const)('tells that there was no answer when %s', async (_, fault, options) => {
    github.faults.add({ fault });
    const error = await failure(port(options).createCommitStatus(status));
    expect(error).toMatchObject({ name: 'ApiError', code: 'E_GITHUB', status: 0 });
    expect(error.message).not.toContain(github.token);
  });

  it('tells that nobody listens', async () => {
    const error = await failure(port({ apiUrl: 'http://127.0.0.1:9' }).createCommitStatus(status));
    expect(error).toMatchObject({ name: 'ApiError', status: 0 });
  });

  it('stops at once when the run is cancelled', async () => {
    github.faults.add({ fault: { kind: 'slow', ms: 60_000 } });
    const controller = new AbortController();
    const work = failure(port({ signal: controller.signal }).createCommitStatus(status));
    const reason = new UserError('E_CANCELLED', 'cancelled', 'again');
    controller.abort(reason);
    expect(await work).toBe(reason);
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getOctokit } from '@actions/github';
import { git } from '../git.ts';
import { startGitHub, type GitHubStandIn } from './github.ts';

const name = { owner: 'example', repo: 'shop' };

let folder: string;
let main: string;
let feature: string;
let github: GitHubStandIn;
let octokit: ReturnType<typeof getOctokit>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'github-'));
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await writeFile(join(folder, 'a.txt'), 'one\ntwo\nthree\n');
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '--quiet', '--message', 'first');
  main = await git(folder, 'rev-parse', 'HEAD');
  await git(folder, 'checkout', '--quiet', '-b', 'feature/x');
  await git(folder, 'mv', 'a.txt', 'b.txt');
  await writeFile(join(folder, 'ü $(id).txt'), 'new');
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '--quiet', '--message', 'second');
  feature = await git(folder, 'rev-parse', 'HEAD');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  github = await startGitHub({ repositories: { 'example/shop': { git: folder } } });
  octokit = client(github.token);
});
afterEach(async () => {
  await github.stop();
});

const client = (token: string): typeof octokit => getOctokit(token, { baseUrl: github.url });
const repository = (): ReturnType<GitHubStandIn['state']['repository']> =>
  github.state.repository('example/shop');

/** Status and message of a refusal. */
async function refusal(call: Promise<unknown>): Promise<[number, string]> {
  try {
    await call;
  } catch (error) {
    const { status, message } = error as { status: number; message: string };
    return [status, message];
  }
  throw new Error('it was not refused');
}

describe('answers that fit the description', () => {
  afterEach(() => {
    expect(github.violations).toEqual([]);
  });

  it('keeps commit statuses, the latest of a context deciding', async () => {
    for (const state of ['pending', 'success', 'failure'] as const) {
      await octokit.rest.repos.createCommitStatus({ ...name, sha: main, state, context: 'gate' });
    }
    await octokit.rest.repos.createCommitStatus({ ...name, sha: main, state: 'success', context: 'lint' });
    const { data } = await octokit.rest.repos.getCombinedStatusForRef({ ...name, ref: 'main' });
    expect([data.state, data.total_count]).toEqual(['failure', 2]);
    const list = await octokit.rest.repos.listCommitStatusesForRef({ ...name, ref: 'main' });
    expect(list.data.map((status) => status.state)).toEqual(['success', 'failure', 'success', 'pending']);
  });

  it('keeps check runs and adds up their annotations, paged', async () => {
    const annotation = (line: number) => ({
      path: 'a.txt',
      start_line: line,
      end_line: line,
      annotation_level: 'warning' as const,
      message: `line ${line}`,
    });
    const output = { title: 'lint', summary: '70 findings' };
    const { data: check } = await octokit.rest.checks.create({
      ...name,
      name: 'lint',
      head_sha: feature,
      output: { ...output, annotations: Array.from({ length: 50 }, (_, index) => annotation(index + 1)) },
    });
    await octokit.rest.checks.update({
      ...name,
      check_run_id: check.id,
      conclusion: 'failure',
      output: { ...output, annotations: Array.from({ length: 20 }, (_, index) => annotation(index + 51)) },
    });
    const all = await octokit.paginate(octokit.rest.checks.listAnnotations, {
      ...name,
      check_run_id: check.id,
      per_page: 30,
    });
    expect(all.map(({ start_line: line }) => line)).toEqual(
      Array.from({ length: 70 }, (_, index) => index + 1),
    );
    const { data: list } = await octokit.rest.checks.listForRef({
      ...name,
      ref: feature,
      check_name: 'lint',
    });
    expect(list.check_runs[0]).toMatchObject({ status: 'completed', conclusion: 'failure' });
  });

  it('keeps deployments, and makes a missing environment without protection', async () => {
    const { data } = await octokit.rest.repos.createDeployment({
      ...name,
      ref: 'feature/x',
      environment: 'preview/x',
      required_contexts: [],
      auto_merge: false,
    });
    if (!('id' in data)) throw new Error('no deployment');
    expect(data.sha).toBe(feature);
    await octokit.rest.repos.createDeploymentStatus({
      ...name,
      deployment_id: data.id,
      state: 'success',
      environment_url: 'https://x.example.com',
    });
    const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({
      ...name,
      deployment_id: data.id,
    });
    expect(statuses[0]).toMatchObject({ state: 'success', environment_url: 'https://x.example.com' });
    const { data: environment } = await octokit.rest.repos.getEnvironment({
      ...name,
      environment_name: 'preview/x',
    });
    expect(environment.protection_rules).toEqual([]);
  });

  it('shows the protection of an environment', async () => {
    repository().environments.set('production', {
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
    const { data } = await octokit.rest.repos.getEnvironment({ ...name, environment_name: 'production' });
    expect(data.protection_rules?.map((rule) => rule.type)).toEqual([
      'wait_timer',
      'required_reviewers',
      'branch_policy',
    ]);
  });

  it('keeps comments and counts edits', async () => {
    const { data } = await octokit.rest.issues.createComment({ ...name, issue_number: 7, body: 'first' });
    await octokit.rest.issues.updateComment({ ...name, comment_id: data.id, body: 'second' });
    const { data: list } = await octokit.rest.issues.listComments({ ...name, issue_number: 7 });
    expect(list.map(({ body }) => body)).toEqual(['second']);
    expect(repository().comments[0]?.edits).toBe(1);
  });

  it('knows pull requests by number and by commit, and their files from git', async () => {
    repository().pulls.push({
      number: 7,
      title: 'X',
      state: 'open',
      merged: false,
      draft: false,
      base: { ref: 'main', sha: main },
      head: { ref: 'feature/x', sha: feature, repository: 'example/shop' },
      author: 'ada',
    });
    const { data: found } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({
      ...name,
      commit_sha: feature,
    });
    expect(found.map(({ number }) => number)).toEqual([7]);
    const { data: files } = await octokit.rest.pulls.listFiles({ ...name, pull_number: 7 });
    expect(files.map((file) => [file.status, file.filename, file.previous_filename])).toEqual([
      ['renamed', 'b.txt', 'a.txt'],
      ['added', 'ü $(id).txt', undefined],
    ]);
    expect((await octokit.rest.pulls.get({ ...name, pull_number: 7 })).data.head.ref).toBe('feature/x');
    expect((await octokit.rest.pulls.list({ ...name, head: 'example:feature/x' })).data).toHaveLength(1);
  });

  it('compares, reads refs, commits and contents of the git repository', async () => {
    const { data } = await octokit.rest.repos.compareCommitsWithBasehead({
      ...name,
      basehead: 'main...feature/x',
    });
    expect([data.status, data.ahead_by, data.merge_base_commit.sha]).toEqual(['ahead', 1, main]);
    expect((await octokit.rest.git.getRef({ ...name, ref: 'heads/feature/x' })).data.object.sha).toBe(
      feature,
    );
    expect((await octokit.rest.repos.getCommit({ ...name, ref: 'feature/x' })).data.commit.message).toBe(
      'second',
    );
    const { data: content } = await octokit.rest.repos.getContent({
      ...name,
      path: 'b.txt',
      ref: 'feature/x',
    });
    expect(content).toMatchObject({ path: 'b.txt', encoding: 'base64' });
    expect((await octokit.rest.repos.get(name)).data.default_branch).toBe('main');
  });

  it('takes SARIF and tells later what was wrong with it', async () => {
    const upload = async (log: unknown): Promise<unknown> => {
      const sarif = gzipSync(JSON.stringify(log)).toString('base64');
      const { data } = await octokit.rest.codeScanning.uploadSarif({
        ...name,
        commit_sha: main,
        ref: 'refs/heads/main',
        sarif,
      });
      const status = await octokit.rest.codeScanning.getSarif({ ...name, sarif_id: data.id ?? '' });
      return [status.data.processing_status, status.data.errors?.length ?? 0];
    };
    const run = { tool: { driver: { name: 'ESLint' } }, results: [] };
    expect(await upload({ version: '2.1.0', runs: [run] })).toEqual(['complete', 0]);
    expect(await upload({ version: '2.1.0', runs: Array.from({ length: 21 }, () => run) })).toEqual([
      'failed',
      1,
    ]);
    expect(await upload({ version: '2.0.0', runs: [{ tool: {} }] })).toEqual(['failed', 3]);
  });

  it('shows runs, their jobs and artifacts', async () => {
    repository().runs.push({
      id: 5,
      name: 'delivery',
      event: 'push',
      headSha: main,
      headBranch: 'main',
      attempt: 1,
      status: 'in_progress',
      conclusion: null,
      jobs: [{ id: 51, name: 'deploy', status: 'completed', conclusion: 'success' }],
      startedAt: '2026-05-01T10:00:00Z',
    });
    repository().artifacts.push({ id: 6, name: 'report', runId: 5, bytes: 10, expired: false });
    const run = await octokit.rest.actions.getWorkflowRun({ ...name, run_id: 5 });
    expect(run.data.status).toBe('in_progress');
    const jobs = await octokit.rest.actions.listJobsForWorkflowRun({ ...name, run_id: 5 });
    expect(jobs.data.jobs[0]?.conclusion).toBe('success');
    const artifacts = await octokit.rest.actions.listWorkflowRunArtifacts({ ...name, run_id: 5 });
    expect(artifacts.data.artifacts[0]?.name).toBe('report');
  });

  it('refuses strangers, tokens without the permission and revoked ones as GitHub does', async () => {
    const status = { ...name, sha: main, state: 'success' as const };
    expect(await refusal(client('nobody').rest.repos.get(name))).toEqual([
      401,
      expect.stringContaining('Bad credentials'),
    ]);
    const reader = github.addToken({ contents: 'read', statuses: 'read' });
    expect(await refusal(client(reader.value).rest.repos.createCommitStatus(status))).toEqual([
      403,
      expect.stringContaining('Resource not accessible by integration'),
    ]);
    await client(reader.value).rest.repos.listCommitStatusesForRef({ ...name, ref: main });
    reader.revoke();
    expect(await refusal(client(reader.value).rest.repos.getCommit({ ...name, ref: main }))).toEqual([
      401,
      expect.stringContaining('Bad credentials'),
    ]);
    expect(repository().statuses).toEqual([]);
  });

  it('answers 404 for what is not there', async () => {
    expect((await refusal(octokit.rest.repos.get({ owner: 'example', repo: 'other' })))[0]).toBe(404);
    expect((await refusal(octokit.rest.pulls.get({ ...name, pull_number: 99 })))[0]).toBe(404);
    expect((await refusal(octokit.rest.repos.getEnvironment({ ...name, environment_name: 'none' })))[0]).toBe(
      404,
    );
    expect((await refusal(octokit.rest.repos.getCommit({ ...name, ref: 'gone' })))[0]).toBe(404);
  });

  it('holds the limits that the description does not write down', async () => {
    const long = { ...name, sha: main, state: 'success' as const, description: 'x'.repeat(141) };
    expect((await refusal(octokit.rest.repos.createCommitStatus(long)))[0]).toBe(422);
    const body = 'x'.repeat(65_537);
    expect((await refusal(octokit.rest.issues.createComment({ ...name, issue_number: 1, body })))[0]).toBe(
      422,
    );
    const noSarif = { ...name, commit_sha: main, ref: 'refs/heads/main', sarif: 'bm90IGd6aXA=' };
    expect((await refusal(octokit.rest.codeScanning.uploadSarif(noSarif)))[0]).toBe(400);
  });
});

describe('requests that do not fit the description', () => {
  const send = async (method: string, path: string, body?: unknown): Promise<number> => {
    const response = await fetch(`${github.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${github.token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.status;
  };

  it.each([
    [
      '51 annotations',
      'POST',
      '/repos/example/shop/check-runs',
      {
        name: 'lint',
        head_sha: 'a'.repeat(40),
        output: {
          title: 't',
          summary: 's',
          annotations: Array.from({ length: 51 }, () => ({
            path: 'a',
            start_line: 1,
            end_line: 1,
            annotation_level: 'notice',
            message: 'm',
          })),
        },
      },
      'must NOT have more than 50 items',
    ],
    [
      'an unknown state',
      'POST',
      `/repos/example/shop/statuses/${'a'.repeat(40)}`,
      { state: 'ok' },
      'must be equal to one of',
    ],
    [
      'a missing field',
      'POST',
      '/repos/example/shop/deployments',
      { environment: 'x' },
      "required property 'ref'",
    ],
    [
      'a field with a typo',
      'POST',
      '/repos/example/shop/deployments',
      { ref: 'main', enviroment: 'x' },
      'body/enviroment is not known',
    ],
    ['a number that is none', 'GET', '/repos/example/shop/pulls/seven', undefined, 'path pull_number'],
    [
      'an unknown query parameter',
      'GET',
      '/repos/example/shop/pulls?sate=all',
      undefined,
      'sate is not known',
    ],
    ['a body that is not JSON', 'POST', '/repos/example/shop/issues/1/comments', 'text', 'must be object'],
  ])('records %s', async (_, method, path, body, problem) => {
    expect(await send(method, path, body)).toBe(422);
    expect(github.violations.flatMap(({ problems }) => problems).join()).toContain(problem);
  });

  it('records an address GitHub does not have', async () => {
    expect(await send('GET', '/repos/example/shop/stati')).toBe(404);
    expect(github.violations[0]).toMatchObject({
      kind: 'request',
      operation: 'GET /repos/example/shop/stati',
    });
  });

  it('records an operation it does not answer as its own fault', async () => {
    expect(await send('GET', '/repos/example/shop/branches')).toBe(501);
    expect(github.violations[0]).toMatchObject({ kind: 'response', operation: 'repos/list-branches' });
  });
});

describe('faults', () => {
  it.each([
    [{ kind: 'rate-limit', resetSeconds: 60 }, 403, 'rate limit exceeded'],
    [{ kind: 'secondary-limit', retryAfterSeconds: 2 }, 429, 'secondary rate limit'],
    [{ kind: 'server-error', status: 503 }, 503, 'Server Error'],
    [{ kind: 'revoked-token' }, 401, 'Bad credentials'],
  ] as const)('%j', async (fault, status, message) => {
    github.faults.add({ operation: 'repos/get', after: 1, times: 1, fault });
    await octokit.rest.repos.get(name);
    expect(await refusal(octokit.rest.repos.get(name))).toEqual([status, expect.stringContaining(message)]);
    await octokit.rest.repos.get(name);
  });

  it('hangs up before, or loses the answer after the work was done', async () => {
    const comment = { ...name, issue_number: 1, body: 'text' };
    github.faults.add({ times: 1, fault: { kind: 'hang-up' } });
    await refusal(octokit.rest.issues.createComment(comment));
    expect(repository().comments).toHaveLength(0);
    github.faults.add({ times: 1, fault: { kind: 'lost-answer' } });
    expect((await refusal(octokit.rest.issues.createComment(comment)))[0]).toBe(502);
    expect(repository().comments).toHaveLength(1);
  });
});

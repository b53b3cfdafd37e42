import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHubStandIn } from '../rig/github/github.ts';
import type { RepositoryState } from '../rig/github/state.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

const sha = '0123456789abcdef0123456789abcdef01234567';

let github: GitHubStandIn;
let repository: RepositoryState;
let folder: string;
beforeEach(async () => {
  github = await startGitHub({ repositories: { 'example/shop': {} } });
  repository = github.state.repository('example/shop');
  repository.pulls.push({
    number: 7,
    title: 'change',
    state: 'closed',
    merged: true,
    draft: false,
    base: { ref: 'main', sha: 'a'.repeat(40) },
    head: { ref: 'topic', sha: 'b'.repeat(40), repository: 'example/shop' },
    author: 'octocat',
    mergeSha: sha,
  });
  folder = mkdtempSync(join(tmpdir(), 'gd-report-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  expect(github.violations).toEqual([]);
  await github.stop();
});

type Outputs = Readonly<Record<string, string>>;

/** The report of a run on main whose deploy ended like this. */
function report(result: string, outputs: Outputs, token = github.token): Promise<BundleResult> {
  const needs = {
    validate: { result: 'success', outputs: { 'lint-verdict': 'pass', tests: 'pass' } },
    scan: { result: 'success', outputs: { verdict: 'pass' } },
    deploy: { result, outputs },
  };
  return runBundle({
    action: 'report',
    inputs: { needs: JSON.stringify(needs), 'github-token': token },
    env: { GITHUB_API_URL: github.url },
  });
}

const states = (): Record<string, string> =>
  Object.fromEntries(
    repository.statuses.map(({ context, state }) => [context.replace('gated-delivery/', ''), state]),
  );
const production: Outputs = { environment: 'production', namespace: 'production' };

describe('the end of a delivery', () => {
  it('that reviewers rejected sends the change back with their words', async () => {
    const review = {
      runId: 1001,
      environments: ['production'],
      by: 'ada',
      comment: 'not on a Friday',
    } as const;
    repository.reviews.push({ ...review, state: 'rejected' });
    const { code, outputs } = await report('failure', { ...production, 'deploy-result': 'failure' });
    expect([code, outputs['pull-request']]).toEqual([0, '7']);
    expect(outputs.headline).toBe(
      'Sent back: the delivery to production was rejected. Nothing was deployed there.',
    );
    expect(states()).toMatchObject({ 'approval (production)': 'failure' });
    expect(Object.keys(states())).not.toContain('deploy (production)');
    const body = repository.comments[0]?.body ?? '';
    expect(body).toContain('rejected by ada');
    expect(body).toContain('not on a Friday');
  });

  it('that the gate stopped tells why, and that it went back', async () => {
    const { outputs } = await report('failure', {
      ...production,
      'deploy-result': 'failure',
      deployed: 'true',
      verdict: 'fail',
      reason: 'checkout-errors is 30 times stable’s rate',
      'rollback-result': 'success',
      'rolled-back': 'true',
    });
    expect(outputs.headline).toContain('Rolled back in production.');
    expect(states()).toMatchObject({ 'gate (production)': 'failure', 'rollback (production)': 'success' });
    expect(repository.comments[0]?.body).toContain('30 times stable’s rate');
  });

  it('whose rollback failed too asks for a hand', async () => {
    const { outputs } = await report('failure', {
      ...production,
      'deploy-result': 'failure',
      'rollback-result': 'failure',
      'rollback-done': '["web"]',
    });
    expect(outputs.headline).toBe('The rollback of production did not finish: act by hand.');
    expect(states()).toMatchObject({ 'rollback (production)': 'failure' });
  });

  it('is told again after a re-run in the same comment, and what is said twice is not written twice', async () => {
    await report('failure', { ...production, 'deploy-result': 'failure' });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await report('success', {
      ...production,
      'deploy-result': 'success',
      deployed: 'true',
      verified: 'true',
    });
    expect(repository.comments).toHaveLength(1);
    expect(repository.comments[0]?.body).toContain('Delivered to production and verified.');
    expect(states()).toMatchObject({ 'deploy (production)': 'success' });
  });

  it('stays green and warns when GitHub lets it write nothing', async () => {
    const readOnly = github.addToken({ contents: 'read', pull_requests: 'read', actions: 'read' });
    const { code, commands, outputs } = await report(
      'success',
      { ...production, verified: 'true' },
      readOnly.value,
    );
    expect([code, outputs.published]).toEqual([0, 'false']);
    const warnings = commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
    expect(warnings.join('\n')).toContain('statuses: write');
    expect(repository.comments).toEqual([]);
  });
});

describe('the results of a run of foreign code', () => {
  const finished = {
    event: 'pull_request',
    head_sha: 'b'.repeat(40),
    html_url: 'https://github.com/example/shop/actions/runs/77',
    updated_at: '2026-05-01T10:00:00Z',
  };
  const publish = async (results: unknown): Promise<BundleResult> => {
    const file = join(folder, 'results.json');
    writeFileSync(file, typeof results === 'string' ? results : JSON.stringify(results));
    return runBundle({
      action: 'report',
      inputs: { results: file, 'github-token': github.token },
      env: { GITHUB_API_URL: github.url },
      event: { name: 'workflow_run', payload: { workflow_run: finished } },
    });
  };
  const about = { sha, at: '2099-01-01T00:00:00Z', runUrl: 'https://evil.example/', note: '' };

  it('count for the commit that GitHub names, and for checks alone', async () => {
    const { code } = await publish([
      {
        ...about,
        subject: 'lint',
        outcome: 'pass',
        newCount: 0,
        totalCount: 0,
        note: '@everyone <img src=x>',
      },
      { ...about, subject: 'deploy', environment: 'production', outcome: 'verified', url: '' },
    ]);
    expect(code).toBe(0);
    expect(repository.statuses).toMatchObject([
      { sha: finished.head_sha, context: 'gated-delivery/lint', targetUrl: finished.html_url },
    ]);
  });

  it.each([
    ['what is no JSON', '<html>'],
    ['more than a story holds', ' '.repeat(70_000)],
  ])('are refused when they are %s', async (_, text) => {
    const { code, errors } = await publish(text);
    expect(code).toBe(1);
    expect(errors.join()).toContain('E_CONFIG');
    expect([repository.statuses, repository.comments]).toEqual([[], []]);
  });

  it('are left by a run that may not write, and by no other', async () => {
    const pull = (from: string): BundleResult | Promise<BundleResult> =>
      runBundle({
        action: 'report',
        inputs: {
          needs: '{"validate":{"result":"success","outputs":{"lint-verdict":"pass"}}}',
          'github-token': github.token,
        },
        env: { GITHUB_API_URL: github.url, RUNNER_TEMP: folder },
        event: {
          name: 'pull_request',
          payload: {
            pull_request: { number: 7, head: { sha: finished.head_sha, repo: { full_name: from } } },
          },
        },
      });
    const own = await pull('example/shop');
    expect([own.outputs.results, repository.statuses.length]).toEqual(['', 1]);
    const foreign = await pull('stranger/shop');
    expect(repository.statuses).toHaveLength(1);
    const left = JSON.parse(readFileSync(foreign.outputs.results ?? '', 'utf8')) as unknown;
    expect(left).toMatchObject([{ subject: 'lint', outcome: 'pass', sha: finished.head_sha }]);
  });
});

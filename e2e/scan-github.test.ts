import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHubStandIn } from '../rig/github/github.ts';
import type { RepositoryState } from '../rig/github/state.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';

let consumer: Consumer;
let temp: string;
let github: GitHubStandIn;

beforeEach(async () => {
  consumer = makeConsumer();
  temp = mkdtempSync(join(tmpdir(), 'gd-scan-'));
  github = await startGitHub({ repositories: { 'example/shop': { git: consumer.dir } } });
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await github.stop();
  consumer.remove();
  rmSync(temp, { recursive: true, force: true });
});

const shop = (): RepositoryState => github.state.repository('example/shop');
const rootUser = { Dockerfile: 'FROM node:24\nUSER root\n' };

function scan(run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return runBundle({
    action: 'scan',
    cwd: consumer.dir,
    ...run,
    inputs: { 'github-token': github.token, scanners: 'trivy-config', ...run.inputs },
    env: {
      PATH: pathWithTrivy(),
      RUNNER_TEMP: temp,
      GITHUB_API_URL: github.url,
      ...run.env,
    },
  });
}

describe('upload-sarif', () => {
  it('brings every file to code scanning, clean ones too, under categories of their own', async () => {
    const sha = consumer.commit({
      ...rootUser,
      'charts/a/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n',
    });
    const result = await scan({ inputs: { 'upload-sarif': 'true' }, env: { GITHUB_SHA: sha } });
    expect(result.outputs.verdict).toBe('findings');
    expect(shop().sarifs).toMatchObject([
      { commitSha: sha, ref: 'refs/heads/main', category: 'scan/trivy-config/', status: 'complete' },
      { commitSha: sha, ref: 'refs/heads/main', category: 'scan/trivy-config/charts/a/', status: 'complete' },
    ]);
  });

  it('is a warning where the token may not, and the verdict stays', async () => {
    const sha = consumer.commit({ 'readme.md': 'x' });
    const token = github.addToken({ contents: 'read' }).value;
    const result = await scan({
      inputs: { 'upload-sarif': 'true', 'github-token': token },
      env: { GITHUB_SHA: sha },
    });
    expect(result).toMatchObject({ code: 0, outputs: { verdict: 'pass' } });
    const warned = result.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
    expect(warned).toEqual([
      expect.stringMatching(/scan-trivy-config\.sarif is not in code scanning.*security-events: write/),
    ]);
  });
});

describe('the pull request', () => {
  it('is told the verdict in its one comment, which is left alone when nothing changed', async () => {
    const before = consumer.commit({ 'readme.md': 'x' });
    consumer.commit(rootUser);
    const told = { event: consumer.pullRequest(before), inputs: { comment: 'true' } };
    await scan(told);
    await scan({ ...told, env: { GITHUB_RUN_ID: '1002' } });
    expect(shop().comments).toMatchObject([{ issue: 7, edits: 0 }]);
    expect(shop().comments[0]?.body).toContain('new finding');
    expect(shop().checkRuns[0]?.annotations.length).toBeGreaterThan(0);
  });

  it('is not told by a token that may only read, as of a fork, which changes nothing else', async () => {
    const before = consumer.commit({ 'readme.md': 'x' });
    consumer.commit(rootUser);
    const token = github.addToken({ contents: 'read' }).value;
    const result = await scan({
      event: consumer.pullRequest(before),
      inputs: { comment: 'auto', 'github-token': token },
    });
    expect(result.outputs.verdict).toBe('findings');
    expect(shop().comments).toEqual([]);
    expect(
      result.commands.filter(({ properties }) => properties.file === 'Dockerfile').length,
    ).toBeGreaterThan(0);
  });
});

it.each(['upload-sarif', 'comment'])('%s needs a token', async (name) => {
  consumer.commit(rootUser);
  const result = await scan({ inputs: { [name]: 'true', 'github-token': '' } });
  expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: .*needs a token/)]);
});

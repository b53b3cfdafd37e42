import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHubStandIn } from '../rig/github/github.ts';
import type { RepositoryState } from '../rig/github/state.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { root, runBundle, type BundleResult, type BundleRun } from './support/run-bundle.ts';
import { seeEnvironments } from './support/seen-environments.ts';
import { quickScanner, startSonarStandIn } from './support/sonar-stand-in.ts';

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

describe('a run that is not an ordinary one', () => {
  it('tells what is new in a merge queue too', async () => {
    const before = consumer.commit(rootUser);
    consumer.commit({ 'other/Dockerfile': rootUser.Dockerfile });
    const queue = { name: 'merge_group', payload: { merge_group: { base_sha: before, head_sha: 'x' } } };
    const result = await scan({ event: queue });
    const { 'new-count': fresh, 'total-count': total } = result.outputs;
    expect(result.outputs.verdict).toBe('findings');
    expect(Number(total)).toBe(2 * Number(fresh));
  });

  it('deepens a shallow clone until it knows the base', async () => {
    const before = consumer.commit(rootUser);
    for (const text of ['1', '2', '3']) consumer.commit({ 'readme.md': text });
    const shallow = join(temp, 'shallow');
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${consumer.dir}`, shallow]);
    const event = consumer.pullRequest(before);
    const result = await scan({ cwd: shallow, event, inputs: { 'github-token': '' } });
    expect(result.outputs).toMatchObject({ verdict: 'pass', 'new-count': '0' });
    expect(Number(result.outputs['total-count'])).toBeGreaterThan(0);
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${consumer.dir}`, `${shallow}-2`]);
    execFileSync('git', ['-C', `${shallow}-2`, 'remote', 'set-url', 'origin', join(temp, 'gone')]);
    const cutOff = await scan({ cwd: `${shallow}-2`, event, inputs: { 'github-token': '' } });
    expect(cutOff.errors).toEqual([expect.stringMatching(/^E_NO_BASE: /)]);
  });

  it('of Dependabot has no secrets: who needs one is skipped with the reason, the others decide', async () => {
    const before = consumer.commit({ 'readme.md': 'x' });
    consumer.commit({ ...rootUser, 'sonar-project.properties': 'sonar.projectKey=shop\n' });
    const result = await scan({
      event: consumer.pullRequest(before),
      inputs: {
        scanners: 'trivy-config, snyk-open-source, sonar',
        'sonar-host-url': 'http://127.0.0.1:9',
        'github-token': github.addToken({ contents: 'read' }).value,
        'upload-sarif': 'true',
        comment: 'auto',
      },
      env: { GITHUB_ACTOR: 'dependabot[bot]' },
    });
    expect(result.outputs.verdict).toBe('findings');
    for (const tool of ['snyk-open-source', 'sonar']) {
      expect(result.summary).toMatch(new RegExp(`${tool}.*skipped: .*of Dependabot do not get it`));
    }
    expect(shop().comments).toEqual([]);
  });

  it('hands no scanner a token but its own', async () => {
    const programs = seeEnvironments(
      ['trivy', 'snyk'],
      `${join(root, 'node_modules/.bin')}:${pathWithTrivy()}`,
      temp,
    );
    const sonar = await startSonarStandIn();
    try {
      consumer.commit({ ...rootUser, ...quickScanner, 'package.json': '{ "name": "shop" }\n' });
      const own = { 'snyk-token': 'snyk-canary-1', 'sonar-token': 'sonar-canary-1' };
      const secrets = {
        GITHUB_TOKEN: 'ghs_canary_1',
        ACTIONS_RUNTIME_TOKEN: 'rt-canary-1',
        AWS_SECRET_ACCESS_KEY: 'aws-canary-1',
      };
      await scan({
        inputs: {
          scanners: 'trivy-config, trivy-fs, snyk-open-source, sonar',
          'database-mirrors': '127.0.0.1:9/trivy-db:2',
          'sonar-host-url': sonar.url,
          'sonar-project-key': 'shop',
          ...own,
        },
        env: { PATH: programs.path, SNYK_API: 'http://127.0.0.1:9', HOME: temp, ...secrets },
      });
      const { env } = JSON.parse(readFileSync(join(consumer.dir, 'given.json'), 'utf8')) as { env: string[] };
      const seen = { trivy: programs.read('trivy'), snyk: programs.read('snyk'), sonar: env.join('\n') };
      const tokens = [github.token, ...Object.values(own), ...Object.values(secrets)];
      const held = Object.entries(seen).map(([name, text]) => {
        expect([name, text]).toEqual([name, expect.stringContaining('PATH=')]);
        return [name, tokens.filter((token) => text.includes(token))];
      });
      expect(Object.fromEntries(held)).toEqual({
        trivy: [],
        snyk: ['snyk-canary-1'],
        sonar: ['sonar-canary-1'],
      });
    } finally {
      sonar.stop();
    }
  });
});

it.each(['upload-sarif', 'comment'])('%s needs a token', async (name) => {
  consumer.commit(rootUser);
  const result = await scan({ inputs: { [name]: 'true', 'github-token': '' } });
  expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: .*needs a token/)]);
});

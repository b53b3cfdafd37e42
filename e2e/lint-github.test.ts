/** What lint tells GitHub: check runs, the comment, and what it asks when the history is missing. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGitHub, type GitHubStandIn } from '../rig/github/github.ts';
import type { RepositoryState } from '../rig/github/state.ts';
import { found, makeLintSite, type LintSite } from './support/lint-site.ts';
import type { BundleResult, BundleRun } from './support/run-bundle.ts';

let site: LintSite;
let github: GitHubStandIn;

beforeEach(async () => {
  site = makeLintSite();
  site.consumer.install('eslint');
  github = await startGitHub({ repositories: { 'example/shop': { git: site.consumer.dir } } });
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await github.stop();
  site.remove();
});

const shop = (): RepositoryState => github.state.repository('example/shop');

function lint(run: Partial<BundleRun> = {}): Promise<BundleResult> {
  return site.lint({
    ...run,
    inputs: { 'github-token': github.token, annotations: 'auto', linters: 'eslint', ...run.inputs },
    env: { GITHUB_API_URL: github.url, ...run.env },
  });
}

const base = {
  'package.json': '{ "private": true, "type": "module" }\n',
  'eslint.config.js': "export default [{ rules: { 'no-var': 'error', eqeqeq: 'warn' } }];\n",
  '.gitignore': 'node_modules\n',
  'old.js': 'var old = 1;\n',
};
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `var v${index} = ${index};\n`).join('');

describe('the check run', () => {
  it('holds 295 annotations after 6 requests, at the head of the pull request', async () => {
    const before = site.consumer.commit(base);
    site.consumer.commit({ 'new.js': lines(295) });
    const event = site.consumer.pullRequest(before);
    const result = await lint({ event });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '295' });
    const requests = github.state.requests.filter(({ path }) => path.includes('/check-runs'));
    expect(requests.map(({ method }) => method)).toEqual(['POST', ...Array<string>(5).fill('PATCH')]);
    const [check] = shop().checkRuns;
    expect(check).toMatchObject({
      headSha: site.consumer.git('rev-parse', 'HEAD'),
      conclusion: 'failure',
      name: 'gated-delivery lint (eslint)',
    });
    expect(check?.annotations.map(({ start_line: line }) => line)).toEqual(
      Array.from({ length: 295 }, (_, index) => index + 1),
    );
    expect(result.commands.filter(({ name }) => name === 'error')).toHaveLength(1);
  });

  it('gives way to ten workflow commands where the token may only read, as of a fork', async () => {
    const before = site.consumer.commit(base);
    site.consumer.commit({ 'new.js': lines(25) });
    const token = github.addToken({ contents: 'read' }).value;
    const event = site.consumer.pullRequest(before);
    for (const annotations of ['auto', 'checks']) {
      const result = await lint({
        event,
        inputs: { 'github-token': token, annotations, comment: 'auto' },
      });
      expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '25' });
      const placed = result.commands.filter(({ properties }) => properties.file !== undefined);
      expect(placed).toHaveLength(10);
      expect(result.commands.map(({ message }) => message).join('\n')).toContain('showing 10 of 25');
      const warned = result.commands.filter(({ name }) => name === 'warning').map(({ message }) => message);
      expect(warned.join('\n').includes('checks: write')).toBe(annotations === 'checks');
    }
    expect(shop().checkRuns).toEqual([]);
    expect(shop().comments).toEqual([]);
  });

  it('says what was cut of 5,001 results, and the rest is accepted', async () => {
    const sha = site.consumer.commit({ ...base, 'new.js': lines(5_000) });
    const result = await lint({ env: { GITHUB_SHA: sha } });
    expect(result.outputs['total-count']).toBe('5001');
    const [check] = shop().checkRuns;
    expect(check?.annotations).toHaveLength(1_000);
    expect(check?.summary).toContain('Showing 1000 of 5001 findings');
    expect(found(result)).toHaveLength(5_000);
    expect(Buffer.byteLength(result.summary)).toBeLessThan(1_048_576);
  });

  it('is not made with `commands` and `none`', async () => {
    site.consumer.commit(base);
    const commands = await lint({ inputs: { annotations: 'commands' } });
    const none = await lint({ inputs: { annotations: 'none' } });
    const placed = [commands, none].map(
      ({ commands: all }) => all.filter(({ properties }) => properties.file !== undefined).length,
    );
    expect(placed).toEqual([1, 0]);
    expect(github.state.requests).toEqual([]);
  });
});

describe('the comment', () => {
  it('tells the verdict, is left alone when nothing changed and updated when something did', async () => {
    const before = site.consumer.commit(base);
    site.consumer.commit({ 'new.js': 'var a = 1;\n' });
    const told = { event: site.consumer.pullRequest(before), inputs: { comment: 'true' } };
    await lint(told);
    await lint({ ...told, env: { GITHUB_RUN_ID: '1002' } });
    expect(shop().comments).toMatchObject([{ issue: 7, edits: 0 }]);
    expect(shop().comments[0]?.body).toContain('1 new finding');
    site.consumer.commit({ 'new.js': 'const a = 1;\n' });
    await lint({ ...told, event: site.consumer.pullRequest(before) });
    expect(shop().comments).toMatchObject([{ edits: 1 }]);
    expect(shop().comments[0]?.body).toContain('no new findings');
  });

  it('needs a token', async () => {
    site.consumer.commit(base);
    for (const inputs of [{ comment: 'true' }, { annotations: 'checks' }]) {
      const result = await lint({ inputs: { 'github-token': '', ...inputs } });
      expect(result.errors).toEqual([expect.stringMatching(/^E_CONFIG: .*needs a token/)]);
    }
  });
});

describe('a clone without history', () => {
  let shallow = '';
  let event: BundleRun['event'];

  beforeEach(() => {
    const before = site.consumer.commit({ ...base, 'other.js': 'var other = 1;\n' });
    for (const text of ['1', '2', '3']) site.consumer.commit({ 'readme.md': text });
    site.consumer.git('mv', 'old.js', 'moved.js');
    site.consumer.commit({ 'new.js': 'var fresh = 1;\n' });
    event = site.consumer.pullRequest(before);
    shop().pulls.push({
      number: 7,
      title: 'change',
      state: 'open',
      merged: false,
      draft: false,
      base: { ref: 'main', sha: before },
      head: { ref: 'change', sha: site.consumer.git('rev-parse', 'HEAD'), repository: 'example/shop' },
      author: 'ada',
    });
    shallow = mkdtempSync(join(tmpdir(), 'gd-shallow-'));
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${site.consumer.dir}`, shallow]);
    execFileSync('ln', ['-s', join(site.consumer.dir, 'node_modules'), join(shallow, 'node_modules')]);
  });
  afterEach(() => {
    rmSync(shallow, { recursive: true, force: true });
  });
  const inShallow = (inputs: Record<string, string> = {}): Promise<BundleResult> =>
    lint({ cwd: shallow, event: event!, inputs: { annotations: 'none', ...inputs } });
  const cutOff = (): void => {
    execFileSync('git', ['-C', shallow, 'remote', 'set-url', 'origin', join(shallow, 'gone')]);
  };

  it('is deepened until the merge base is known', async () => {
    const result = await inShallow({ 'github-token': '' });
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '1' });
    expect(found(result)).toEqual(['no-var moved.js:1 unchanged', 'no-var new.js:1 new']);
  });

  it('asks GitHub what changed when the remote is gone, and calls nothing old without a base', async () => {
    cutOff();
    const result = await inShallow();
    expect(result.outputs).toMatchObject({ verdict: 'findings', 'new-count': '2' });
    expect(found(result)).toEqual(['no-var moved.js:1', 'no-var new.js:1']);
    expect(result.summary).toContain('the merge base cannot be fetched');
    expect(github.state.requests.map(({ operation }) => operation)).toContain('pulls/list-files');
  });

  it('is an error, never green, when GitHub cannot say either', async () => {
    cutOff();
    const token = github.addToken({ contents: 'read' }).value;
    for (const [name, inputs] of [
      ['no token', { 'github-token': '' }],
      ['pull-requests: read', { 'github-token': token }],
    ] as const) {
      const result = await inShallow(inputs);
      expect(result.code).toBe(1);
      expect(result.outputs.verdict).toBeUndefined();
      expect(result.errors).toEqual([expect.stringMatching(/^E_NO_BASE: /)]);
      expect(result.errors[0]).toContain(name);
    }
  });
});

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { git } from '../git.ts';
import { installTools } from '../install/install.ts';
import { isRunning } from './process-tree.ts';
import { nameInheritedSecrets } from './inherited-secrets.ts';
import { runWorkflow, startWorkflow } from './start-workflow.ts';
import type { WorkflowRun } from './workflow-run.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
const node = dirname(process.execPath);

let act: string;
let folder: string;
let base: Omit<WorkflowRun, 'workflow' | 'event'>;

beforeAll(async () => {
  const folders = await installTools(['act'], { log: (line) => process.stderr.write(`${line}\n`) });
  act = join(folders.get('act') ?? '', 'act');
}, 600_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'act-'));
  const repoDir = join(folder, 'consumer');
  await cp(join(fixtures, 'consumer'), repoDir, { recursive: true });
  await git(repoDir, 'init', '--quiet', '--initial-branch=main');
  await git(repoDir, 'add', '-A');
  await git(repoDir, 'commit', '--quiet', '--message', 'first');
  await writeFile(join(repoDir, 'uncommitted.txt'), 'not part of any commit');
  await mkdir(join(folder, 'home'));
  base = {
    act,
    repoDir,
    ref: 'refs/heads/main',
    env: { PATH: [node, process.env.PATH].join(delimiter), HOME: join(folder, 'home') },
    suite: { path: join(fixtures, 'suite'), repository: 'owner/suite', ref: 'v1' },
    outDir: join(folder, 'out'),
  };
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const results = (jobs: readonly { id: string; result: string }[]): Record<string, string> =>
  Object.fromEntries(jobs.map((job) => [job.id, job.result]));

describe('runWorkflow', () => {
  it('ends a failed delivery as GitHub does: red, with the jobs that asked for it run after the failure', async () => {
    const run = await runWorkflow({ ...base, workflow: '.github/workflows/delivery.yml', event: 'push' });
    expect(run.code).toBe(1);
    expect(results(run.jobs)).toEqual({
      pipeline: 'failure',
      deploy: 'failure',
      apply: 'failure',
      rollback: 'success',
      undo: 'success',
      report: 'success',
      never: 'skipped',
    });
    expect(run.log).toContain('rollback sees mutated=true result=failure applied=failure');
    expect(run.log).toContain('report sees mutated=true result=failure');
  });

  it('collects summaries, step outputs, annotations and artifacts, and runs the post step', async () => {
    const run = await runWorkflow({ ...base, workflow: '.github/workflows/report.yml', event: 'push' });
    expect(run.code).toBe(0);
    const texts = await Promise.all(run.summaries.map((path) => readFile(path, 'utf8')));
    expect(texts).toEqual(['# hello shop\n', 'good bye\n']);
    const steps = run.jobs.find((job) => job.id === 'hello')?.steps ?? [];
    expect(steps.find((step) => step.id === 'hello')?.outputs).toEqual({ greeting: 'hello shop' });
    expect(steps.map((step) => step.stage)).toContain('Post');
    expect(run.jobs[0]?.annotations).toEqual(['::warning file=app.js,line=3::look here']);
    expect(await readFile(join(run.artifacts, 'report', 'report.txt'), 'utf8')).toBe('report\n');
  });

  it('checks out commits, never the work tree, and knows event, inputs, ref and the API', async () => {
    const run = await runWorkflow({
      ...base,
      workflow: '.github/workflows/context.yml',
      event: 'workflow_dispatch',
      eventPayload: { inputs: { 'dry-run': 'false' } },
      githubUrl: 'http://127.0.0.1:9',
      runId: 77,
      runAttempt: 2,
    });
    const head = await git(base.repoDir, 'rev-parse', 'HEAD');
    expect(run.log).toContain(
      `context workflow_dispatch refs/heads/main ${head} 77/2 http://127.0.0.1:9 example/shop dry=false env=staging`,
    );
    expect(run.log).toContain('files .git .github README.md end');
  });

  it.each([
    ['pull_request', 'refs/pull/7/merge'],
    ['merge_group', 'refs/heads/main'],
    ['delete', 'refs/heads/main'],
  ])('starts %s', async (event, ref) => {
    await git(base.repoDir, 'update-ref', 'refs/pull/7/merge', 'HEAD');
    const run = await runWorkflow({
      ...base,
      workflow: '.github/workflows/context.yml',
      event,
      ref,
      eventPayload: { ref: 'feature/gone', number: 7, pull_request: { number: 7 } },
    });
    expect(run.code).toBe(0);
    expect(run.log).toContain(`context ${event} ${ref} `);
  });

  it('hands secrets over without argv and shows them nowhere', async () => {
    const secret = 'pa"ss$word\nsecond \\ line';
    const run = await runWorkflow({
      ...base,
      workflow: '.github/workflows/secret.yml',
      event: 'push',
      secrets: { KUBECONFIG_DATA: secret, GITHUB_TOKEN: 'token-of-the-job' },
    });
    expect(run.code).toBe(0);
    expect(run.log).toContain(`secret has ${secret.length} characters and arrived whole`);
    for (const part of ['pa"ss$word', 'second \\ line', 'token-of-the-job']) {
      expect(run.log).not.toContain(part);
      expect(JSON.stringify(run.jobs)).not.toContain(part);
    }
    await expect(readFile(join(base.outDir, 'secrets.yml'))).rejects.toThrow('ENOENT');
  });

  it('hands on to a called workflow what its caller was given, under those names', async () => {
    const workflows = join(base.repoDir, '.github', 'workflows');
    const files = {
      'top.yml': `on: push
jobs: { middle: { uses: ./.github/workflows/middle.yml, secrets: { api-token: '\${{ secrets.SHOP_TOKEN }}' } } }`,
      'middle.yml': `on: { workflow_call: { secrets: { api-token: { required: false }, other: { required: false } } } }
jobs: { inner: { uses: ./.github/workflows/inner.yml, secrets: inherit } }`,
      'inner.yml': `on: { workflow_call: { secrets: { api-token: { required: false }, other: { required: false } } } }
jobs:
  look:
    runs-on: ubuntu-latest
    steps:
      - env: { TOKEN: '\${{ secrets.api-token }}', OTHER: '\${{ secrets.other }}' }
        run: echo "token of \${#TOKEN}, other of \${#OTHER}"`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(workflows, name), text);
    await nameInheritedSecrets(base.repoDir);
    await git(base.repoDir, 'add', '-A');
    await git(base.repoDir, 'commit', '--quiet', '--message', 'nested');
    const secrets = { SHOP_TOKEN: 'twelve-signs' };
    const run = await runWorkflow({ ...base, workflow: '.github/workflows/top.yml', event: 'push', secrets });
    expect(run.log).toContain('token of 12, other of 0');
    expect(run.code).toBe(0);
  });
});

describe('startWorkflow', () => {
  const waiting = { workflow: '.github/workflows/wait.yml', event: 'push' };

  it('cancels: the step gets SIGINT and time to tidy up, steps with always() run, the rest does not', async () => {
    let seen = '';
    const controller = new AbortController();
    const run = await runWorkflow({
      ...base,
      ...waiting,
      signal: controller.signal,
      onLine: (line) => {
        seen += line;
        if (line.includes('waiting as')) controller.abort();
      },
    });
    expect(seen).toContain('tidied up after SIGINT');
    expect(run.log).toContain('always runs');
    expect(run.log).not.toContain('next step');
    expect(run.log).toContain('tidy job runs');
    expect(results(run.jobs)).toEqual({
      wait: 'cancelled',
      tidy: 'success',
      dependent: 'skipped',
      'unless-cancelled': 'skipped',
      'on-failure': 'skipped',
    });
    expect(run.code).toBe(1);
  });

  it('kills like a machine that dies: no process of a step is left', async () => {
    let pid = 0;
    const started = await startWorkflow({
      ...base,
      ...waiting,
      onLine: (line) => {
        const found = /waiting as (\d+)/.exec(line)?.[1];
        if (found !== undefined && pid === 0) {
          pid = Number(found);
          started.kill();
        }
      },
    });
    const run = await started.done;
    expect(pid).toBeGreaterThan(0);
    expect(isRunning(pid)).toBe(false);
    expect(run.log).not.toContain('tidied up');
    expect(results(run.jobs)).toEqual({ wait: 'cancelled' });
  });
});

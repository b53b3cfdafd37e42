/** What happens to changes that do not go straight through, each as a run of the consumer's own workflow. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { kubectl } from '../support/rig.ts';
import {
  comment,
  mergePullRequest,
  openPullRequest,
  push,
  startReviewedSite,
  statuses,
  versions,
} from '../support/workflow-facts.ts';
import { explain, results, type WorkflowSite } from '../support/workflows.ts';

const workflow = '.github/workflows/delivery.yml';
const deploy = '.github/workflows/deploy.yml';

// A test is several runs of whole workflows, and machines differ.
jest.setTimeout(300_000);

let site: WorkflowSite;
beforeAll(async () => {
  site = await startReviewedSite();
}, 600_000);
afterAll(async () => {
  expect(site.github.violations).toEqual([]);
  await site.stop();
});

it('a change that lint refuses is told on its pull request with a patch, and nothing is deployed', async () => {
  site.consumer.install('prettier');
  const files = { 'chart/templates/broken.yaml': 'a: {{ .Values.\n', 'ugly.js': 'let a  =  1\n' };
  const { sha, ...event } = openPullRequest(site, 1, files);
  const vars = { LINTERS: 'helm-lint, prettier' };
  const run = await site.run('lint', { workflow, event: 'pull_request', vars, ...event });
  expect(run.code).not.toBe(0);
  expect(results(run)).toMatchObject({ lint: 'failure', deploy: 'skipped', report: 'success' });
  expect(statuses(site, sha)).toMatchObject({ lint: 'failure', tests: 'success' });
  expect(comment(site, 1)).toMatch(/Not ready: look at lint/);
  expect(await versions(site)).toEqual({});
  const [patch = ''] = readdirSync(join(run.artifacts, 'lint-patch'));
  expect(readFileSync(join(run.artifacts, 'lint-patch', patch), 'utf8')).toContain('+let a = 1;');
});

it('a group of the merge queue gets its statuses on its head, and nothing is deployed', async () => {
  const { consumer } = site;
  const ref = 'refs/heads/gh-readonly-queue/main/pr-1-0123';
  consumer.git('checkout', '-q', '-B', 'group', 'main');
  const sha = consumer.commit({ 'NOTES.md': 'in the queue\n' });
  consumer.git('checkout', '-q', 'main');
  consumer.git('update-ref', ref, sha);
  const base = consumer.git('rev-parse', 'main');
  const eventPayload = {
    action: 'checks_requested',
    merge_group: { head_sha: sha, head_ref: ref, base_sha: base, base_ref: 'refs/heads/main' },
  };
  const run = await site.run('group', { workflow, event: 'merge_group', ref, eventPayload });
  expect([run.code, explain(run)]).toEqual([0, '']);
  expect(statuses(site, sha)).toEqual({ lint: 'success', tests: 'success', scan: 'success' });
  expect(await versions(site)).toEqual({});
});

it('a rejected approval deploys nothing, and the change is sent back', async () => {
  openPullRequest(site, 2, { 'NOTES.md': 'not this way\n' });
  const sha = mergePullRequest(site, 2);
  const runId = 9001;
  site.repository.reviews.push({
    runId,
    environments: ['production'],
    state: 'rejected',
    by: 'ada',
    comment: 'not on a Friday',
  });
  const suite = await site.rejecting('production');
  const run = await site.run('rejected', { workflow, ...push('main'), runId, suite });
  expect(run.code).not.toBe(0);
  expect(results(run)).toMatchObject({ plan: 'success', deploy: 'failure', rollback: 'skipped' });
  expect(await versions(site)).toEqual({});
  expect(statuses(site, sha)).toMatchObject({ 'approval (production)': 'failure' });
  expect(comment(site, 2)).toContain('not on a Friday');
});

it('staging goes from one release branch to the next, and to a hotfix', async () => {
  const { consumer } = site;
  for (const branch of ['release/1.0', 'release/1.1', 'hotfix/1.1.1']) {
    consumer.git('checkout', '-q', '-b', branch, 'main');
    const sha = consumer.commit({ 'NOTES.md': `${branch}\n` });
    const run = await site.run(branch.replace('/', '-'), { workflow: deploy, ...push(branch) });
    expect([run.code, explain(run)]).toEqual([0, '']);
    expect((await versions(site)).staging).toBe(sha);
  }
});

it('two pushes in a row deploy one after the other, and leave no lock', async () => {
  const { consumer } = site;
  consumer.git('checkout', '-q', '-B', 'develop', 'main');
  const first = consumer.commit({ 'NOTES.md': 'one\n' });
  const second = consumer.commit({ 'NOTES.md': 'two\n' });
  const runs = await Promise.all(
    [first, second].map((sha, index) =>
      site.run(`row-${index}`, { workflow: deploy, ...push('develop'), sha }),
    ),
  );
  for (const run of runs) expect([run.code, explain(run)]).toEqual([0, '']);
  // act queues nothing, so only the lock in the cluster keeps them apart, in whichever order they came.
  expect([first, second]).toContain((await versions(site)).dev);
  const holders = await kubectl(
    ...['get', 'leases.coordination.k8s.io', '--namespace', `${site.prefix}-dev`],
    ...['-o', 'jsonpath={.items[*].spec.holderIdentity}'],
  );
  expect(holders.trim()).toBe('');
});

it('a bad push goes back, is refused when its jobs run again, and its revert is delivered', async () => {
  const { consumer } = site;
  consumer.git('checkout', '-q', '-B', 'test/bad', 'main');
  const good = consumer.git('rev-parse', 'HEAD');
  const opened = await site.run('good', { workflow: deploy, ...push('test/bad') });
  expect([opened.code, explain(opened)]).toEqual([0, '']);
  const bad = consumer.commit({ 'chart/values.yaml': 'version: none\nreplicas: 1\nreal: true\n' });
  const runId = 9002;
  const failed = await site.run('bad', { workflow, ...push('test/bad'), runId });
  expect(results(failed)).toMatchObject({ deploy: 'failure', rollback: 'success' });
  expect((await versions(site)).test).toBe(good);
  expect(statuses(site, bad)).toMatchObject({ 'deploy (test)': 'failure', 'rollback (test)': 'success' });

  const again = await site.run('again', { workflow, ...push('test/bad'), runId, runAttempt: 2 });
  expect(again.log).toContain('E_ALREADY_BAD');
  expect(results(again)).toMatchObject({ deploy: 'failure', rollback: 'skipped' });
  expect((await versions(site)).test).toBe(good);

  consumer.git('revert', '--no-edit', 'HEAD');
  const reverted = consumer.git('rev-parse', 'HEAD');
  const run = await site.run('revert', { workflow, ...push('test/bad') });
  expect([run.code, explain(run)]).toEqual([0, '']);
  expect((await versions(site)).test).toBe(reverted);
});

import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { publishImage } from './support/publish-image.ts';
import {
  comment,
  mergePullRequest,
  openPullRequest,
  push,
  startReviewedSite,
  statuses,
  versions,
} from './support/workflow-facts.ts';
import { explain, output, results, summaryText, type WorkflowSite } from './support/workflows.ts';

const workflows = '.github/workflows';

// A test is several runs of whole workflows, and machines differ.
jest.setTimeout(300_000);

let site: WorkflowSite;
beforeAll(async () => {
  site = await startReviewedSite();
}, 600_000);
afterAll(async () => {
  await site.stop();
});

describe('a push', () => {
  it('goes to the environment of its branch and to no other', async () => {
    const sha = site.consumer.git('rev-parse', 'main');
    const branches = ['develop', 'release/1.0', 'test/load', 'feature/basket'];
    for (const branch of branches) site.consumer.git('branch', branch, sha);
    const runs = await Promise.all(
      branches.map((branch, index) =>
        site.run(`map-${index}`, { workflow: `${workflows}/deploy.yml`, ...push(branch) }),
      ),
    );
    for (const run of runs) expect([run.code, explain(run)]).toEqual([0, '']);
    expect(runs.map((run) => output(run, 'deploy', 'environment'))).toEqual([
      'dev',
      'staging',
      'test',
      expect.stringMatching(/^preview\/feature-basket-h[0-9a-f]{8}$/),
    ]);
    expect(Object.keys(await versions(site)).sort()).toEqual([
      'dev',
      expect.stringMatching(/^feature-basket-h/),
      'staging',
      'test',
    ]);
  });

  it('of another branch is deployed nowhere', async () => {
    const before = await versions(site);
    site.consumer.git('branch', 'docs/typo', 'main');
    const run = await site.run('unmapped', { workflow: `${workflows}/deploy.yml`, ...push('docs/typo') });
    expect(run.code).toBe(0);
    expect(results(run)).toMatchObject({ plan: 'success', rollback: 'skipped' });
    expect(await versions(site)).toEqual(before);
  });

  it('to main reaches production behind its checks, and its pull request is told the whole story', async () => {
    openPullRequest(site, 1, { 'NOTES.md': 'reviewed\n' });
    const sha = mergePullRequest(site, 1);
    const run = await site.run('production', { workflow: `${workflows}/delivery.yml`, ...push('main') });
    expect([run.code, explain(run)]).toEqual([0, '']);
    expect(await versions(site)).toMatchObject({ production: sha });
    expect(statuses(site, sha)).toEqual({
      lint: 'success',
      tests: 'success',
      scan: 'success',
      'deploy (production)': 'success',
    });
    expect(comment(site, 1)).toContain('Delivered to production and verified.');
  });
});

describe('a pull request', () => {
  it('is checked and never deployed', async () => {
    const before = await versions(site);
    const broken = "require('node:test')('adds', () => require('node:assert').equal(1 + 1, 3));\n";
    const { sha, ...event } = openPullRequest(site, 2, { 'app.test.js': broken });
    const run = await site.run('pull-request', {
      workflow: `${workflows}/delivery.yml`,
      event: 'pull_request',
      ...event,
    });
    expect(run.code).not.toBe(0);
    expect(results(run)).toMatchObject({
      lint: 'success',
      tests: 'failure',
      deploy: 'skipped',
      report: 'success',
    });
    expect(statuses(site, sha)).toEqual({ lint: 'success', tests: 'failure', scan: 'success' });
    expect(comment(site, 2)).toContain('Not ready: look at tests.');
    expect(run.jobs.flatMap(({ annotations }) => annotations)).toContainEqual(
      expect.stringMatching(/adds.*app\.test\.js.*2 == 3/),
    );
    expect(summaryText(run)).toContain('## ❌ test: 1 of 1 tests failed');
    expect(await versions(site)).toEqual(before);
  });

  it('from a fork writes nothing itself, and a later run tells its checks alone', async () => {
    const { sha, ...event } = openPullRequest(site, 3, { 'NOTES.md': 'from far away\n' }, 'stranger/shop');
    const readOnly = site.github.addToken({ actions: 'read', contents: 'read', pull_requests: 'read' });
    const run = await site.run('fork', {
      workflow: `${workflows}/delivery.yml`,
      event: 'pull_request',
      secrets: { GITHUB_TOKEN: readOnly.value },
      ...event,
    });
    expect([run.code, explain(run)]).toEqual([0, '']);
    expect([statuses(site, sha), comment(site, 3)]).toEqual([{}, '']);
    expect(readdirSync(run.artifacts)).toEqual(['gated-delivery-results']);

    const published = await site.run('publish', {
      workflow: `${workflows}/results.yml`,
      event: 'workflow_run',
      ref: 'refs/heads/main',
      artifacts: run.artifacts,
      eventPayload: {
        action: 'completed',
        workflow_run: {
          id: 77,
          event: 'pull_request',
          conclusion: 'success',
          head_sha: sha,
          html_url: 'https://github.com/example/shop/actions/runs/77',
          updated_at: '2026-05-01T10:00:00Z',
        },
      },
    });
    expect([published.code, explain(published)]).toEqual([0, '']);
    expect(published.log).not.toContain('checked out');
    expect(statuses(site, sha)).toEqual({ lint: 'success', tests: 'success', scan: 'success' });
    expect(comment(site, 3)).toContain('The checks passed.');
  });
});

describe('a release', () => {
  const promote = (name: string, from: string, to: string): ReturnType<WorkflowSite['run']> =>
    site.run(name, {
      workflow: `${workflows}/promote.yml`,
      event: 'workflow_dispatch',
      ref: 'refs/heads/develop',
      eventPayload: { inputs: { from, to } },
    });
  const rollback = (name: string, inputs: Record<string, string>): ReturnType<WorkflowSite['run']> =>
    site.run(name, {
      workflow: `${workflows}/rollback.yml`,
      event: 'workflow_dispatch',
      ref: 'refs/heads/develop',
      eventPayload: { inputs: { environment: 'dev', reason: 'a try', ...inputs } },
    });

  it('that is verified in one environment is promoted to the next as it is', async () => {
    const { consumer } = site;
    consumer.git('checkout', '-q', 'develop');
    const sha = consumer.commit({ 'NOTES.md': 'second\n' });
    const early = await promote('promote-early', 'dev', 'test');
    expect(early.log).toContain('E_UNPROVED');
    expect(results(early)).toMatchObject({ proof: 'failure', deploy: 'skipped', report: 'success' });
    const deployed = await site.run('second', { workflow: `${workflows}/deploy.yml`, ...push('develop') });
    expect([deployed.code, explain(deployed)]).toEqual([0, '']);
    const run = await promote('promote', 'dev', 'test');
    expect([run.code, explain(run)]).toEqual([0, '']);
    expect(await versions(site)).toMatchObject({ dev: sha, test: sha });
    expect(statuses(site, sha)).toMatchObject({ 'deploy (test)': 'success' });
  });

  it('goes back by hand only after a look and with the name of the environment', async () => {
    const before = await versions(site);
    const looked = await rollback('look', { 'dry-run': 'true' });
    expect([looked.code, explain(looked)]).toEqual([0, '']);
    const unsure = await rollback('unsure', { 'dry-run': 'false', confirm: 'staging' });
    expect(unsure.code).not.toBe(0);
    expect(await versions(site)).toEqual(before);
    const run = await rollback('back', { 'dry-run': 'false', confirm: 'dev' });
    expect([run.code, explain(run)]).toEqual([0, '']);
    expect((await versions(site)).dev).toBe(site.consumer.git('rev-parse', 'develop~1'));
  });

  it('whose tag was pushed again on the way is not promoted, and what it began is undone', async () => {
    const { consumer } = site;
    consumer.git('checkout', '-q', 'develop');
    const before = (await versions(site)).test;
    const values = 'version: none\nreplicas: 1\nreal: true\n';
    const image = `registry.example.com/app:${consumer.commit({ 'chart/values.yaml': values })}`;
    await publishImage(image, 'setInterval(() => {}, 1000); // built once');
    const deployed = await site.run('third', { workflow: `${workflows}/deploy.yml`, ...push('develop') });
    expect([deployed.code, explain(deployed)]).toEqual([0, '']);
    await publishImage(image, 'setInterval(() => {}, 1000); // built again');
    const run = await promote('promote-changed', 'dev', 'test');
    expect(run.log).toContain('E_IMAGE_CHANGED');
    expect(results(run)).toMatchObject({ proof: 'success', rollback: 'success' });
    expect((await versions(site)).test).toBe(before);
  });

  it('that cannot run makes the run red, goes back by itself, and is told so', async () => {
    const { consumer } = site;
    consumer.git('checkout', '-q', 'main');
    const good = consumer.git('rev-parse', 'main');
    const bad = consumer.commit({ 'chart/values.yaml': 'version: none\nreplicas: 1\nreal: true\n' });
    const run = await site.run('bad', { workflow: `${workflows}/delivery.yml`, ...push('main') });
    expect(run.code).not.toBe(0);
    expect(run.log).toContain('E_IMAGE_PULL');
    expect(results(run)).toMatchObject({ rollback: 'success', report: 'success' });
    expect((await versions(site)).production).toBe(good);
    expect(statuses(site, bad)).toMatchObject({
      'deploy (production)': 'failure',
      'rollback (production)': 'success',
    });
  });
});

describe('a preview', () => {
  const clean = (
    name: string,
    event: string,
    eventPayload: Record<string, unknown>,
  ): ReturnType<WorkflowSite['run']> =>
    site.run(name, { workflow: `${workflows}/cleanup.yml`, event, ref: 'refs/heads/main', eventPayload });
  const preview = async (): Promise<string | undefined> =>
    Object.keys(await versions(site)).find((name) => name.startsWith('feature-basket-h'));

  it('stays as long as its branch and its time last', async () => {
    const swept = await clean('sweep', 'schedule', { schedule: '17 3 * * *' });
    expect([swept.code, explain(swept)]).toEqual([0, '']);
    const other = await clean('other', 'delete', { ref: 'feature/other', ref_type: 'branch' });
    expect([other.code, explain(other)]).toEqual([0, '']);
    expect(await preview()).toBeDefined();
  });

  it('goes with its branch, and nothing else goes', async () => {
    const before = Object.keys(await versions(site));
    const gone = await preview();
    const run = await clean('gone', 'delete', { ref: 'feature/basket', ref_type: 'branch' });
    expect([run.code, explain(run)]).toEqual([0, '']);
    await eventually(async () => (await preview()) === undefined);
    expect(Object.keys(await versions(site))).toEqual(before.filter((name) => name !== gone));
  });
});

it('opens each action by the one at the root', async () => {
  const run = await site.run('door', { workflow: `${workflows}/door.yml`, ...push('main') });
  expect(results(run)).toEqual({ known: 'success', unknown: 'failure' });
  expect(run.log).toContain('the door says pass');
  expect(run.log).toContain("input 'action' is to be one of lint");
});

it('asked GitHub for nothing that GitHub does not answer', () => {
  expect(site.github.violations).toEqual([]);
});

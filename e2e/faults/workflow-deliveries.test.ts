/** Deliveries that end otherwise than hoped, each as a run of the consumer's own pipeline, told on its pull request. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startRegistry } from '../../rig/registry/registry.ts';
import { trivyDatabase, type Advisory } from '../../rig/registry/trivy-database.ts';
import { eventually } from '../support/eventually.ts';
import { publishImage } from '../support/publish-image.ts';
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
import { explain, results, summaryText, type WorkflowSite } from '../support/workflows.ts';

const workflow = '.github/workflows/delivery.yml';
const values = (more: string): Record<string, string> => ({
  'chart/values.yaml': `version: none\nreplicas: 1\nreal: false\ncanary: false\n${more}`,
});

/** A migration before the release, such as a scanner has nothing against. */
const migration = `apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { helm.sh/hook: pre-upgrade, helm.sh/hook-delete-policy: before-hook-creation } }
spec:
  backoffLimit: 0
  template:
    metadata: { annotations: { kwok.x-k8s.io/stage: complete } }
    spec:
      restartPolicy: Never
      securityContext: { runAsNonRoot: true, runAsUser: 20000, runAsGroup: 20000, seccompProfile: { type: RuntimeDefault } }
      containers:
        - name: migrate
          image: registry.example.com/migrate:1
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          resources: { limits: { cpu: 100m, memory: 64Mi }, requests: { cpu: 10m, memory: 64Mi } }
`;

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

it('a vulnerable dependency stops its pull request, and the comment says where to look', async () => {
  const registry = await startRegistry();
  try {
    const advisory: Advisory = {
      ...{ id: 'CVE-2021-23337', ecosystem: 'npm', package: 'lodash', title: 'command injection' },
      ...{ vulnerable: '<4.17.21', fixed: '4.17.21' },
      severity: 'HIGH',
    };
    registry.publishArtifact('mirror/trivy-db:2', trivyDatabase([advisory], Date.now()));
    const lock = {
      ...{ name: 'web', version: '1.0.0', lockfileVersion: 3 },
      packages: {
        '': { name: 'web', version: '1.0.0', dependencies: { lodash: '4.17.20' } },
        'node_modules/lodash': { version: '4.17.20' },
      },
    };
    const { sha, ...event } = openPullRequest(site, 1, { 'web/package-lock.json': JSON.stringify(lock) });
    const vars = { SCANNERS: 'trivy-fs', DATABASE_MIRRORS: `${registry.host}/mirror/trivy-db:2` };
    const run = await site.run('vulnerable', { workflow, event: 'pull_request', vars, ...event });
    expect(results(run)).toMatchObject({ scan: 'failure', deploy: 'skipped', report: 'success' });
    expect(statuses(site, sha)).toMatchObject({ lint: 'success', scan: 'failure' });
    expect(comment(site, 1)).toContain('Not ready: look at scan.');
    expect(summaryText(run)).toContain('CVE-2021-23337');
  } finally {
    await registry.stop();
  }
});

it('a release that is never healthy goes back, and its pull request is told why', async () => {
  const opened = await site.run('opened', { workflow, ...push('main') });
  expect([opened.code, explain(opened)]).toEqual([0, '']);
  const good = site.consumer.git('rev-parse', 'main');
  openPullRequest(site, 2, values('pool: nowhere\n'));
  const bad = mergePullRequest(site, 2);
  const run = await site.run('unhealthy', { workflow, ...push('main') });
  expect(run.code).not.toBe(0);
  expect(run.log).toMatch(/E_UNSCHEDULABLE|E_TIMEOUT/);
  expect((await versions(site)).production).toBe(good);
  expect(statuses(site, bad)).toMatchObject({
    'deploy (production)': 'failure',
    'rollback (production)': 'success',
  });
  expect(comment(site, 2)).toContain('Rolled back in production.');
});

it('a release over a migration does not go back by itself, and asks for a hand', async () => {
  const files = {
    ...values('pool: nowhere\n'),
    'chart/templates/migrate.yaml': migration,
  };
  openPullRequest(site, 3, files);
  const sha = mergePullRequest(site, 3);
  const run = await site.run('migrated', { workflow, ...push('main') });
  expect(results(run)).toMatchObject({ deploy: 'failure', rollback: 'failure', report: 'success' });
  expect(run.log).toContain('E_MIGRATION');
  expect((await versions(site)).production).toBe(sha);
  expect(statuses(site, sha)).toMatchObject({ 'rollback (production)': 'failure' });
  expect(comment(site, 3)).toContain('The rollback of production did not finish: act by hand.');
  expect(comment(site, 3)).toContain('E\\_MIGRATION');
});

it('a run that is cancelled while it deploys goes back to what was proved', async () => {
  const { consumer } = site;
  consumer.git('checkout', '-q', '-B', 'test/cancel', 'main~2');
  const good = consumer.git('rev-parse', 'HEAD');
  const opened = await site.run('proved', { workflow, ...push('test/cancel') });
  expect([opened.code, explain(opened)]).toEqual([0, '']);
  const cancelled = consumer.commit(values('pool: nowhere\n'));
  const run = await site.start('cancelled', { workflow, ...push('test/cancel') });
  await eventually(async () => (await versions(site)).test === cancelled, 120_000);
  run.cancel();
  const ended = await run.done;
  expect(results(ended)).toMatchObject({ deploy: 'cancelled', rollback: 'success', report: 'success' });
  expect((await versions(site)).test).toBe(good);
  const holders = await kubectl(
    ...['get', 'leases.coordination.k8s.io', '--namespace', `${site.prefix}-test`],
    ...['-o', 'jsonpath={.items[*].spec.holderIdentity}'],
  );
  expect(holders.trim()).toBe('');
});

it('one build goes from dev over staging to production, and its image is the same everywhere', async () => {
  const { consumer } = site;
  consumer.git('checkout', '-q', '-B', 'develop', 'main~2');
  const sha = consumer.commit({ 'chart/values.yaml': 'version: none\nreplicas: 1\nreal: true\n' });
  await publishImage(`registry.example.com/app:${sha}`, 'setInterval(() => {}, 1000);');
  const deployed = await site.run('built', { workflow, ...push('develop') });
  expect([deployed.code, explain(deployed)]).toEqual([0, '']);
  for (const [from, to] of [
    ['dev', 'staging'],
    ['staging', 'production'],
  ]) {
    const run = await site.run(`promote-${to}`, {
      workflow: '.github/workflows/promote.yml',
      event: 'workflow_dispatch',
      ref: 'refs/heads/develop',
      eventPayload: { inputs: { from, to } },
    });
    expect([run.code, explain(run)]).toEqual([0, '']);
  }
  expect(await versions(site)).toMatchObject({ dev: sha, staging: sha, production: sha });
  const ids = await Promise.all(
    ['dev', 'staging', 'production'].map((name) =>
      kubectl(
        ...['get', 'pods', '--namespace', `${site.prefix}-${name}`, '--selector', `version=${sha}`],
        ...['-o', 'jsonpath={.items[*].status.containerStatuses[0].imageID}'],
      ),
    ),
  );
  expect(ids[0]).toMatch(/@sha256:[0-9a-f]{64}$/);
  expect(new Set(ids).size).toBe(1);
});

it('a preview goes with its pull request, and another when its time is over', async () => {
  const previews = async (): Promise<string[]> =>
    Object.keys(await versions(site)).filter((name) => name.startsWith('feature-'));
  const clean = (name: string, event: string, eventPayload: Record<string, unknown>) =>
    site.run(name, {
      workflow: '.github/workflows/cleanup.yml',
      event,
      ref: 'refs/heads/main',
      eventPayload,
    });
  for (const branch of ['feature/closed', 'feature/forgotten']) {
    site.consumer.git('branch', '--force', branch, 'main~2');
    const run = await site.run(branch.replace('/', '-'), { workflow, ...push(branch) });
    expect([run.code, explain(run)]).toEqual([0, '']);
  }
  const closed = {
    ...{ action: 'closed', number: 9 },
    pull_request: {
      number: 9,
      base: { ref: 'main', repo: { full_name: 'example/shop' } },
      head: { ref: 'feature/closed', repo: { full_name: 'example/shop' } },
    },
  };
  const run = await clean('closed', 'pull_request', closed);
  expect([run.code, explain(run)]).toEqual([0, '']);
  await eventually(async () => (await previews()).length === 1);
  const [left = ''] = await previews();
  expect(left).toMatch(/^feature-forgotten-/);

  await kubectl(
    ...['annotate', 'namespace', `${site.prefix}-${left}`, '--overwrite'],
    'gated-delivery.dev/expires=2026-01-01T00:00:00.000Z',
  );
  const swept = await clean('swept', 'schedule', { schedule: '17 3 * * *' });
  expect([swept.code, explain(swept)]).toEqual([0, '']);
  await eventually(async () => (await previews()).length === 0);
});

import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { WorkflowResult } from '../rig/act/workflow-run.ts';
import { findLeaks, plant, textsBelow } from './support/leaks.ts';
import { kubectl, rig } from './support/rig.ts';
import { workflowConsumer } from './support/workflow-consumer.ts';
import { explain, output, results, startWorkflowSite, type WorkflowSite } from './support/workflows.ts';

let site: WorkflowSite;
/** Answers with an error that repeats what it was sent, as careless servers do. */
let careless: Server;
let carelessUrl: string;
const asked: string[] = [];
beforeAll(async () => {
  site = await startWorkflowSite(workflowConsumer);
  careless = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) asked.push(authorization);
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: 'error', error: `refused: ${JSON.stringify(request.headers)}` }));
  });
  await new Promise<void>((resolve) => careless.listen(0, '127.0.0.1', resolve));
  carelessUrl = `http://127.0.0.1:${(careless.address() as AddressInfo).port}`;
}, 600_000);
afterAll(async () => {
  await new Promise((resolve) => careless.close(resolve));
  expect(site.github.violations).toEqual([]);
  await site.stop();
});

const pem = (kind: string, name: string): string =>
  `-----BEGIN ${kind}-----\n${plant(name)}\n-----END ${kind}-----`;

/** Of the secrets of Prometheus either the token or the password can be there. */
const planted = {
  PROMETHEUS_TOKEN: plant('prometheus-token'),
  PROMETHEUS_HEADERS: `X-Scope-OrgID: ${plant('header')}`,
  PROMETHEUS_CA: pem('CERTIFICATE', 'authority'),
  PROMETHEUS_CERTIFICATE: pem('CERTIFICATE', 'certificate'),
  PROMETHEUS_KEY: pem('PRIVATE KEY', 'key'),
  SNYK_TOKEN: plant('snyk-token'),
  SONAR_TOKEN: plant('sonar-token'),
};
const password = { PROMETHEUS_USERNAME: 'reader', PROMETHEUS_PASSWORD: plant('prometheus-password') };

const push = (
  name: string,
  secrets: Readonly<Record<string, string>> = {},
  vars: Readonly<Record<string, string>> = {},
): ReturnType<WorkflowSite['run']> =>
  site.run(name, {
    workflow: '.github/workflows/canary.yml',
    event: 'push',
    ref: 'refs/heads/canary',
    eventPayload: { ref: 'refs/heads/canary' },
    vars: { PROMETHEUS_URL: rig().prometheusUrl, SCANNERS: 'trivy-config', ...vars },
    secrets: {
      GITHUB_TOKEN: site.github.token,
      // As many keep it: a secret of one line.
      KUBECONFIG: readFileSync(rig().kubeconfig).toString('base64'),
      ...secrets,
    },
  });

/** What a run left, by the secrets it holds: log, summaries, artifacts, files of the runner, and what GitHub was told. */
function leaksOf(run: WorkflowResult): string[] {
  const left = textsBelow(join(run.artifacts, '..'));
  expect(Object.keys(left)).toContain('log.txt');
  const { users } = parse(readFileSync(rig().kubeconfig, 'utf8')) as { users: { user: { token: string } }[] };
  const { repository } = site;
  const told = { statuses: repository.statuses, comments: repository.comments, reviews: repository.reviews };
  return findLeaks(
    { ...left, outputs: JSON.stringify(run.jobs), GitHub: JSON.stringify(told) },
    {
      ...Object.fromEntries(
        Object.values({ ...planted, ...password }).flatMap((text) =>
          (text.match(/planted-[^\s]+/g) ?? []).map((secret) => [secret, secret]),
        ),
      ),
      GITHUB_TOKEN: site.github.token,
      'token of the kubeconfig': users[0]?.user.token ?? '',
    },
  );
}

it('rolls a canary back whose gate has nothing to go by, stays red, and leaves no secret anywhere', async () => {
  const { consumer, prefix } = site;
  const namespace = `${prefix}-canary`;
  consumer.git('checkout', '-q', '-B', 'canary', 'main');
  const first = await push('first');
  expect([first.code, explain(first)]).toEqual([0, '']);
  const good = consumer.git('rev-parse', 'canary');

  consumer.commit({ 'NOTES.md': 'a canary\n' });
  const second = await push('second', planted);
  expect(results(second)).toMatchObject({ deploy: 'failure', rollback: 'success' });
  expect(output(second, 'gate', 'verdict')).toBe('inconclusive');
  expect(output(second, 'gate', 'reason')).toContain('no series at all');
  const kept = join(second.artifacts, `canary-gate-${namespace}`);
  const report = JSON.parse(readFileSync(join(kept, 'report.json'), 'utf8')) as { verdict: unknown };
  expect(report.verdict).toBe('inconclusive');
  expect(existsSync(join(kept, 'report.html'))).toBe(true);
  const left = await kubectl(
    ...['get', 'deployments.apps', '--namespace', namespace, '-o'],
    'jsonpath={range .items[*]}{.metadata.name} {.spec.template.metadata.labels.version}{"\\n"}{end}',
  );
  expect(left.trim()).toBe(`app ${good}`);
  expect(leaksOf(second)).toEqual([]);
}, 300_000);

it('leaves no secret where servers repeat them: Prometheus', async () => {
  site.consumer.commit({ 'NOTES.md': 'another canary\n' });
  const run = await push(
    'repeated',
    { ...planted, PROMETHEUS_TOKEN: '', ...password },
    { PROMETHEUS_URL: carelessUrl },
  );
  expect(results(run)).toMatchObject({ deploy: 'failure', rollback: 'success' });
  expect(run.log).toContain('E_PROMETHEUS');
  const basic = Buffer.from(`reader:${password.PROMETHEUS_PASSWORD}`).toString('base64');
  expect(asked).toContain(`Basic ${basic}`);
  expect(leaksOf(run)).toEqual([]);
}, 300_000);

it('leaves no secret where servers repeat them: scanners', async () => {
  const run = await push('scanned', planted, {
    SCANNERS: 'snyk-open-source, sonar',
    SONAR_URL: carelessUrl,
  });
  expect(results(run)).toMatchObject({ scan: 'failure', deploy: 'skipped', report: 'success' });
  expect(asked.some((authorization) => authorization.includes(planted.SONAR_TOKEN))).toBe(true);
  expect(leaksOf(run)).toEqual([]);
}, 300_000);

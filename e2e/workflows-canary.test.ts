import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { kubectl, rig } from './support/rig.ts';
import { workflowConsumer } from './support/workflow-consumer.ts';
import { explain, output, results, startWorkflowSite, type WorkflowSite } from './support/workflows.ts';

let site: WorkflowSite;
beforeAll(async () => {
  site = await startWorkflowSite(workflowConsumer);
}, 600_000);
afterAll(async () => {
  expect(site.github.violations).toEqual([]);
  await site.stop();
});

const push = (name: string): ReturnType<WorkflowSite['run']> =>
  site.run(name, {
    workflow: '.github/workflows/canary.yml',
    event: 'push',
    ref: 'refs/heads/canary',
    eventPayload: { ref: 'refs/heads/canary' },
    vars: { PROMETHEUS_URL: rig().prometheusUrl },
    secrets: {
      GITHUB_TOKEN: site.github.token,
      // As many keep it: a secret of one line.
      KUBECONFIG: readFileSync(rig().kubeconfig).toString('base64'),
    },
  });

it('rolls a canary back whose gate has nothing to go by, and stays red', async () => {
  const { consumer, prefix } = site;
  const namespace = `${prefix}-canary`;
  consumer.git('checkout', '-q', '-B', 'canary', 'main');
  const first = await push('first');
  expect([first.code, explain(first)]).toEqual([0, '']);
  const good = consumer.git('rev-parse', 'canary');

  consumer.commit({ 'NOTES.md': 'a canary\n' });
  const second = await push('second');
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
}, 300_000);

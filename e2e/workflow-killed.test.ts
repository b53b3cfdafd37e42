import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from './support/eventually.ts';
import { kubectl } from './support/rig.ts';
import { workflowConsumer } from './support/workflow-consumer.ts';
import { explain, output, results, startWorkflowSite, type WorkflowSite } from './support/workflows.ts';

let site: WorkflowSite;
beforeAll(async () => {
  site = await startWorkflowSite(workflowConsumer);
}, 600_000);
afterAll(async () => {
  expect(site.github.violations).toEqual([]);
  await kubectl('delete', 'node', site.prefix, '--ignore-not-found');
  await site.stop();
});

/** A simulated node of a pool of its own. */
const nodeOf = (pool: string): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: pool, labels: { pool }, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  spec: {},
});

it('recovers by itself when the runner is killed in the middle of a deploy and the same push runs again', async () => {
  const namespace = `${site.prefix}-dev`;
  const { consumer } = site;
  const push = (): Parameters<WorkflowSite['start']>[1] => {
    consumer.git('branch', '--force', 'develop', 'HEAD');
    const ref = 'refs/heads/develop';
    const eventPayload = { ref, after: consumer.git('rev-parse', ref) };
    return { workflow: '.github/workflows/delivery.yml', event: 'push', ref, eventPayload };
  };
  const status = async (): Promise<string[]> => {
    const text = await kubectl(
      ...['get', 'secrets', '--namespace', namespace, '--selector', 'owner=helm,name=app'],
      ...['-o', 'jsonpath={.items[*].metadata.labels.status}'],
    );
    return text.split(' ').filter((word) => word !== '');
  };

  // No node takes the pod yet: Helm waits for it, and dies waiting.
  consumer.commit({ 'chart/values.yaml': `version: none\nreplicas: 1\npool: ${site.prefix}\n` });
  const stuck = await site.start('stuck', push());
  const ended = stuck.done.then((run) => {
    throw new Error(`it ended by itself: ${explain(run)}${run.log.slice(-3000)}`);
  });
  await Promise.race([eventually(async () => (await status()).includes('pending-install'), 120_000), ended]);
  ended.catch(() => undefined);
  stuck.kill();
  expect((await stuck.done).code).not.toBe(0);
  expect(await status()).toEqual(['pending-install']);

  const node = join(consumer.dir, '.git', 'node.json');
  writeFileSync(node, JSON.stringify(nodeOf(site.prefix)));
  await kubectl('create', '--filename', node);
  const recovered = await site.run('again', push());
  expect(explain(recovered)).toBe('');
  expect(recovered.code).toBe(0);
  expect(results(recovered)).toMatchObject({ deploy: 'success' });
  expect(output(recovered, 'deploy', 'verified')).toBe('true');
  expect((await status()).filter((word) => word.startsWith('pending'))).toEqual([]);
  const running = await kubectl(
    ...['get', 'deployment', 'app', '--namespace', namespace],
    ...['-o', 'jsonpath={.spec.template.metadata.labels.version} {.status.readyReplicas}'],
  );
  expect(running).toBe(`${consumer.git('rev-parse', 'HEAD')} 1`);
}, 300_000);

/** The example under the suite's own lint and scan, as its workflows call them. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { installTools } from '../rig/install/install.ts';
import { makeConsumer, type Consumer } from './support/consumer.ts';
import { pathWithTrivy } from './support/rig.ts';
import { runBundle } from './support/run-bundle.ts';
import { shop } from './support/shop.ts';

const charts = readdirSync(join(shop, 'charts'));
let consumer: Consumer;
let temp: string;
beforeAll(() => {
  consumer = makeConsumer();
  cpSync(shop, consumer.dir, { recursive: true, filter: (path) => !path.endsWith('/node_modules') });
  consumer.commit({}, 'the shop');
  temp = mkdtempSync(join(tmpdir(), 'gd-findings-'));
});
afterAll(() => {
  consumer.remove();
  rmSync(temp, { recursive: true });
});

it.each(charts)('the chart %s has no finding of weight with the values of production', async (chart) => {
  const folder = `charts/${chart}`;
  const { code, errors, outputs, summary } = await runBundle({
    action: 'scan',
    cwd: consumer.dir,
    inputs: {
      ...{ scanners: 'trivy-config', path: folder, charts: folder },
      ...{ values: `environments/production/${chart}.yaml`, 'fail-severity': 'high', 'new-only': 'false' },
    },
    env: { PATH: pathWithTrivy(), RUNNER_TEMP: temp },
  });
  expect([code, errors, outputs.verdict]).toEqual([0, [], 'pass']);
  expect(summary).toContain(folder);
});

it('the charts and workflows have no finding of lint', async () => {
  const tools = await installTools(['actionlint'], { log: () => undefined });
  const { code, errors, outputs, summary } = await runBundle({
    action: 'lint',
    cwd: consumer.dir,
    inputs: { linters: 'helm-lint, actionlint', 'fail-on': 'warning', 'new-only': 'false' },
    env: { PATH: [tools.get('actionlint'), pathWithTrivy()].join(':'), RUNNER_TEMP: temp },
  });
  expect([code, errors, outputs.verdict]).toEqual([0, [], 'pass']);
  for (const chart of charts) expect(summary).toContain(`charts/${chart}`);
});

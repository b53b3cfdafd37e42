/** Rollback against a bare `helm rollback`: from the command to serving the good version, and to the end. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startDelivery, type Delivery } from '../../e2e/support/delivery.ts';
import { deployment } from '../../e2e/support/manifests.ts';
import { startRig } from '../../rig/rig.ts';
import { table } from '../../toolkit/summary/markdown.ts';
import { median } from '../median.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const rounds = Number(values.rounds);

interface Measured {
  readonly servingMs: number;
  readonly endMs: number;
}

const rig = await startRig({ log: (line) => process.stderr.write(`${line}\n`) });
process.env.GD_RIG = JSON.stringify({ ...rig, images: undefined });
const rows: string[][] = [];
try {
  for (const major of [3, 4] as const) {
    const results = { bare: [] as Measured[], action: [] as Measured[] };
    for (let round = 0; round < rounds; round += 1) {
      // Turn about, so that a slow moment of the machine meets both.
      results.bare.push(await measure(major, (shop) => shop.runHelm('rollback', 'api', '1')));
      results.action.push(await measure(major, (shop) => shop.rollback()));
    }
    for (const [name, measured] of Object.entries(results)) {
      const seconds = (pick: (one: Measured) => number): string =>
        (median(measured.map(pick)) / 1000).toFixed(2);
      rows.push([
        `helm ${major}`,
        name === 'bare' ? '`helm rollback api 1`' : 'rollback action',
        seconds(({ servingMs }) => servingMs),
        seconds(({ endMs }) => endMs),
      ]);
    }
    const [bare, action] = [results.bare, results.action].map((list) =>
      median(list.map((one) => one.servingMs)),
    );
    const slower = ((action ?? 0) - (bare ?? 0)) / 1000;
    process.stdout.write(
      `helm ${major}: serving ${slower.toFixed(2)} s after a bare rollback would (at most 2)\n`,
    );
    if (slower > 2) process.exitCode = 1;
  }
} finally {
  await rig.stop();
}

const head = ['', 'command', 'serving after (s)', 'ended after (s)'];
const text = `# Rollback against a bare \`helm rollback\`

Median of ${rounds} rounds on the rig, \`npm run bench:rollback\`. *Serving*: the Deployment has the good image and a ready
pod of it. The action ends later because it looks for two seconds longer, compares every live field with the target and
writes the ledger; a bare rollback proves nothing.

${table(head, rows)}
`;
mkdirSync('docs/benchmarks', { recursive: true });
writeFileSync('docs/benchmarks/rollback.md', text);
process.stdout.write(text);

async function measure(major: 3 | 4, goBack: (shop: Delivery) => Promise<unknown>): Promise<Measured> {
  const shop = await startDelivery('bench', major);
  try {
    const api = (image: string): { name: string; manifest: string } => ({
      name: 'api',
      manifest: deployment('api', image),
    });
    await shop.deploy('a'.repeat(40), [api('shop/api:1')], 'verified', { wait: '60s' });
    await shop.deploy('b'.repeat(40), [api('shop/api:2')], 'failed', { wait: '60s' });
    const started = performance.now();
    const ended = goBack(shop).then(() => performance.now() - started);
    const servingMs = await untilServing(shop, 'shop/api:1').then(() => performance.now() - started);
    return { servingMs, endMs: await ended };
  } finally {
    await shop.stop();
  }
}

async function untilServing(shop: Delivery, image: string): Promise<void> {
  for (;;) {
    const object = await shop.get('deployments.apps', 'api');
    const spec = object?.spec as { template: { spec: { containers: { image: string }[] } } };
    const status = object?.status as
      | { observedGeneration?: number; updatedReplicas?: number; readyReplicas?: number; replicas?: number }
      | undefined;
    const isSeen = status?.observedGeneration === object?.metadata.generation;
    const isReady = status?.updatedReplicas === 1 && status.readyReplicas === 1 && status.replicas === 1;
    if (spec.template.spec.containers[0]?.image === image && isSeen && isReady) return;
  }
}

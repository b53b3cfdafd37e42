/** `npm run demo`: the whole pipeline on the rig. `--keep` leaves the rig up until Ctrl-C, `--out FOLDER` keeps the summaries there. */
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeSuite } from '../scripts/release/write-suite.ts';
import { startGitHub } from './github/github.ts';
import { installTools } from './install/install.ts';
import { startRig } from './rig.ts';
import { createConsumer } from './story/consumer.ts';
import { suite } from './story/pipeline.ts';
import { tellStory } from './story/tell.ts';
import { startTimeline } from './story/timeline.ts';

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, out: { type: 'string' } },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    controller.abort(new Error(`ended by ${name}`));
  });
}

const timeline = startTimeline(write);
timeline.chapter('A delivery environment on this machine');
const tools = await installTools(['act', 'trivy'], { log: write, signal: controller.signal });
const rig = await startRig({ istio: true, prometheus: true, log: write, signal: controller.signal });
const github = await startGitHub({ repositories: { 'example/shop': {} } });
// The branch map of the shop says `gate: required`: production has a reviewer, as it has to.
github.state.repository('example/shop').environments.set('production', {
  id: github.state.nextId(),
  name: 'production',
  waitTimerMinutes: 0,
  reviewers: [{ type: 'User', name: 'octocat', id: 1 }],
  preventSelfReview: false,
  branchPolicy: undefined,
});
const stop = async (): Promise<void> => {
  await github.stop();
  await rig.stop();
};
controller.signal.addEventListener('abort', () => {
  void stop();
});

try {
  timeline.say(`Prometheus ${rig.prometheusUrl}, gateway ${rig.gatewayUrl}, GitHub ${github.url}`);
  const outDir = resolve(
    values.out ?? join(root, 'out/demo', new Date().toISOString().replaceAll(/[:.]/g, '-')),
  );
  mkdirSync(outDir, { recursive: true });
  const suitePath = join(rig.dir, 'suite');
  await writeSuite(root, suitePath, suite);
  const nodeDir = dirname(process.execPath);
  const consumer = await createConsumer(join(rig.dir, 'shop'), {
    ...rig.env,
    PATH: `${nodeDir}:${rig.env.PATH ?? ''}`,
  });
  timeline.say('a repository of its own for the shop, its packages installed');
  const act = join(tools.get('act') ?? '', 'act');
  const toolDirs = [nodeDir, tools.get('trivy') ?? ''];
  await tellStory({ rig, github, consumer, suitePath, act, outDir, toolDirs }, timeline);
  timeline.chapter('All promises kept');
  timeline.say(`job summaries, logs and reports: ${outDir}`);
  if (values.keep && !controller.signal.aborted) {
    timeline.say(`the rig stays up: Prometheus ${rig.prometheusUrl}`);
    timeline.say(`the shop: curl -H 'Host: shop.example.com' ${rig.gatewayUrl}/api/products`);
    timeline.say('Ctrl-C ends it');
    await new Promise((done) => {
      controller.signal.addEventListener('abort', done, { once: true });
    });
  }
} catch (error) {
  write(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await stop();
}

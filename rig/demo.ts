/** `npm run demo`: the whole pipeline on the rig. `--keep` leaves the rig up until Ctrl-C, `--out FOLDER` keeps the summaries there. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { describeError } from '../toolkit/action/describe-error.ts';
import { writeSuite } from '../scripts/release/write-suite.ts';
import { nameInheritedSecrets } from './act/inherited-secrets.ts';
import { awaitingSuite } from './act/reviewed-suite.ts';
import { startGitHub, type GitHubStandIn } from './github/github.ts';
import { cacheFolder } from './install/cache-folder.ts';
import { installTools } from './install/install.ts';
import { browserPrograms, ensurePrograms } from './install/system-programs.ts';
import { interruption } from './processes/interruption.ts';
import { startRig, type Rig } from './rig.ts';
import { createConsumer } from './story/consumer.ts';
import { suite } from './story/pipeline.ts';
import { tellStory } from './story/tell.ts';
import { startTimeline } from './story/timeline.ts';

const { values } = parseArgs({
  options: { keep: { type: 'boolean', default: false }, out: { type: 'string' } },
});
/** What the shop's lint and scan call: with them on the machine, the actions need not download them. */
const checkTools = ['trivy', 'actionlint', 'kubeconform'];
const root = fileURLToPath(new URL('..', import.meta.url));
const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const signal = interruption(() => {
  // The watchdog ends the rig, and what runs a workflow goes with this process.
  process.exit(130);
});
const outDir = resolve(
  values.out ?? join(root, 'out/demo', new Date().toISOString().replaceAll(/[:.]/g, '-')),
);
const timeline = startTimeline(write);
let rig: Rig | undefined;
let github: GitHubStandIn | undefined;

try {
  timeline.chapter('A delivery environment on this machine');
  await ensurePrograms(browserPrograms, { log: write, signal });
  const tools = await installTools(['act', ...checkTools], { log: write, signal });
  rig = await startRig({ istio: true, prometheus: true, log: write, signal });
  github = await startGitHub({ repositories: { 'example/shop': {} } });
  // The branch map of the shop says `gate: required`: production has a reviewer, as it has to.
  const repository = github.state.repository('example/shop');
  repository.environments.set('production', {
    id: github.state.nextId(),
    name: 'production',
    waitTimerMinutes: 0,
    reviewers: [{ type: 'User', name: 'octocat', id: 1 }],
    preventSelfReview: false,
    branchPolicy: undefined,
  });
  timeline.say(`Prometheus ${rig.prometheusUrl}, gateway ${rig.gatewayUrl}, GitHub ${github.url}`);
  mkdirSync(outDir, { recursive: true });
  const suitePath = join(rig.dir, 'suite');
  await writeSuite(root, suitePath, suite);
  await nameInheritedSecrets(suitePath);
  const letGo = await awaitingSuite(suitePath, join(rig.dir, 'reviews'), ['production']);
  const approve = (runId: number): Promise<void> => {
    const review = {
      runId,
      environments: ['production'],
      state: 'approved',
      by: 'octocat',
      comment: '',
    } as const;
    repository.reviews.push(review);
    return letGo(runId);
  };
  const nodeDir = dirname(process.execPath);
  timeline.say('a repository of its own for the shop: npm ci …');
  const npmCache = cacheFolder('npm');
  const env = { ...rig.env, PATH: `${nodeDir}:${rig.env.PATH ?? ''}`, npm_config_cache: npmCache };
  const consumer = await createConsumer(join(rig.dir, 'shop'), env, signal);
  const act = join(tools.get('act') ?? '', 'act');
  const toolDirs = [nodeDir, ...checkTools.map((name) => tools.get(name) ?? '')];
  const site = { rig, github, consumer, suitePath, act, outDir, toolDirs, npmCache, approve };
  await tellStory(site, timeline, signal);
  timeline.chapter(`All promises kept, in ${timeline.elapsed()}`);
  if (values.keep && !signal.aborted) {
    timeline.say(`the rig stays up: Prometheus ${rig.prometheusUrl}`);
    timeline.say(`the shop: curl -H 'Host: shop.example.com' ${rig.gatewayUrl}/api/products`);
    timeline.say('Ctrl-C ends it');
    await new Promise((done) => {
      signal.addEventListener('abort', done, { once: true });
    });
  }
} catch (error) {
  const cause: unknown = signal.aborted ? signal.reason : error;
  write(
    `\n${cause instanceof Error && cause.name === 'Error' ? cause.message : describeError(cause).message}`,
  );
  process.exitCode = 1;
} finally {
  if (existsSync(outDir)) write(`\njob summaries, logs and artifacts: ${outDir}`);
  await github?.stop();
  await rig?.stop();
}

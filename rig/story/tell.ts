import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowResult } from '../act/workflow-run.ts';
import { startLoad, type LoadResult } from '../load/start-load.ts';
import { observer, type DeployedManifest } from './observe.ts';
import { push, type Site } from './pipeline.ts';
import type { Timeline } from './timeline.ts';

const namespace = 'production';
const host = 'shop.example.com';
/** Requests per second of the shop's customers, all of them checkouts. */
const rps = 400;

/** The whole story: a first release, a good one that is promoted, a bad one that is caught and rolled back. */
export async function tellStory(site: Site, timeline: Timeline, signal: AbortSignal): Promise<void> {
  const watch = observer(site.rig);
  let runId = 1000;
  const release = async (name: string, sha: string): Promise<WorkflowResult> => {
    runId += 1;
    const run = await push(site, { name, sha, branch: 'main', runId, onLine: narrate(timeline), signal });
    signal.throwIfAborted();
    timeline.say(
      `run ${runId} of ${name}: ${run.jobs.map(({ id, result }) => `${id} ${result}`).join(', ')}`,
    );
    return run;
  };

  timeline.chapter('The first release: there is nothing to compare with yet, so it is deployed and checked');
  const first = await site.consumer.commit('Open the shop');
  await site.consumer.pushImages(first, site.rig.images);
  const opened = await release('first', first);
  timeline.check('the run is green', opened.code === 0, failures(opened));

  timeline.say(`customers arrive: ${rps} checkouts a second through the gateway`);
  const load = await startLoad({
    url: site.rig.gatewayUrl,
    rps,
    paths: [{ method: 'POST', path: '/api/checkout', body: '{"items":[{"id":"cup","quantity":1}]}' }],
    headers: { host, 'content-type': 'application/json' },
  });
  try {
    timeline.chapter('Release 1: a good one');
    const good = await site.consumer.commit('Say that prices include VAT', {
      'services/frontend/public/index.html': (text) =>
        text.replace('    </main>', '      <p>Prices include VAT.</p>\n    </main>'),
    });
    await site.consumer.pushImages(good, site.rig.images);
    const promoted = await release('good', good);
    timeline.check('the run is green', promoted.code === 0, failures(promoted));
    timeline.check('the gate says pass', output(promoted, 'gate', 'verdict') === 'pass');
    timeline.check('the release is verified', output(promoted, 'promote', 'verified') === 'true');
    const { entries } = await watch.ledger(namespace);
    const phase = entries.findLast(({ gitSha }) => gitSha === good)?.phase;
    timeline.check('so says the ledger in the cluster', phase === 'verified', phase);
    const before = await watch.releases(namespace);
    const claims = await watch.claims(namespace);

    timeline.chapter('Release 2: three of a hundred checkouts answer 500');
    const bad = await site.consumer.commit('Try another payment provider', {
      'environments/production/backend.yaml': (text) => `${text}\nfaults:\n  errorRate: 0.03\n`,
    });
    await site.consumer.pushImages(bad, site.rig.images);
    const shares: number[] = [];
    const look = setInterval(() => {
      watch.canaryShare(namespace, 'shop-backend').then((share) => shares.push(share), ignore);
    }, 1_500);
    const caught = await release('bad', bad).finally(() => {
      clearInterval(look);
    });
    timeline.check('the run is red', caught.code !== 0);
    timeline.check('the gate says fail', output(caught, 'gate', 'verdict') === 'fail');
    timeline.say(output(caught, 'gate', 'reason') ?? '');
    const most = Math.max(...shares);
    timeline.check(`it never had more than ${most} % of the traffic`, most === 10);
    const seconds = Number(output(caught, 'gate', 'elapsed-seconds'));
    timeline.check(`it took ${seconds} s of traffic, less than two minutes`, seconds > 0 && seconds <= 120);
    timeline.check('the rollback is green', job(caught, 'rollback') === 'success', failures(caught));

    const after = await watch.releases(namespace);
    for (const [name, { revision, manifestSha256 }] of Object.entries(before)) {
      timeline.check(
        `${name} is exactly as in revision ${revision} (${manifestSha256.slice(0, 12)})`,
        after[name]?.manifestSha256 === manifestSha256,
      );
    }
    timeline.check(
      'no release came or went, and the backend was rolled back',
      sameNames(before, after) && (after.backend?.revision ?? 0) > (before.backend?.revision ?? Infinity),
    );
    const remembered = (await watch.ledger(namespace)).bad.map(({ gitSha }) => gitSha);
    timeline.check('the ledger remembers the commit as bad', remembered.includes(bad));
    const claimsAfter = await watch.claims(namespace);
    timeline.check(
      `all ${Object.keys(claims).length} volume claims are the same`,
      Object.keys(claims).length > 0 && JSON.stringify(claims) === JSON.stringify(claimsAfter),
    );
    timeline.chapter('The bad commit once more, while customers are served as before');
    const [again, served] = await Promise.all([release('again', bad), measure(site, signal)]);
    const rate = errorRate(served);
    timeline.check(
      `the gateway serves the base error rate again (${(rate * 100).toFixed(2)} % of ${served.sent})`,
      served.sent >= measured.requests * 0.9 && rate < measured.limit,
    );
    timeline.check('it is refused', again.code !== 0 && again.log.includes('E_ALREADY_BAD'), failures(again));
    const untouched = await watch.releases(namespace);
    timeline.check('and nothing changed', JSON.stringify(untouched) === JSON.stringify(after));
    timeline.check(
      'every call to GitHub fitted its OpenAPI description',
      site.github.violations.length === 0,
      JSON.stringify(site.github.violations.slice(0, 3)),
    );
  } finally {
    const { sent, byStatus } = await load.stop();
    timeline.say(`customers leave: ${sent} checkouts, by status ${JSON.stringify(byStatus)}`);
  }
}

/**
 * At the base rate of 0.1 % the limit is more than four standard deviations away; were the bad canary still to get its
 * 10 % of the traffic, it would be 0.39 %.
 */
const measured = { requests: 20_000, rps: 500, limit: 0.002 };

/** The same traffic for a while, counted by itself. */
async function measure(site: Site, signal: AbortSignal): Promise<LoadResult> {
  const probe = await startLoad({
    url: site.rig.gatewayUrl,
    rps: measured.rps,
    paths: [{ method: 'POST', path: '/api/checkout', body: '{"items":[{"id":"cup","quantity":1}]}' }],
    headers: { host, 'content-type': 'application/json' },
  });
  try {
    await sleep((measured.requests / measured.rps) * 1_000, undefined, { signal });
  } finally {
    await probe.stop();
  }
  return probe.stop();
}

/** A look that comes too early or too late says nothing. */
const ignore = (): void => undefined;

function sameNames(
  a: Readonly<Record<string, DeployedManifest>>,
  b: Readonly<Record<string, DeployedManifest>>,
): boolean {
  return Object.keys(a).sort().join() === Object.keys(b).sort().join();
}

function errorRate({ sent, byStatus }: LoadResult): number {
  const failed = Object.entries(byStatus).reduce(
    (sum, [status, count]) => (status >= '500' ? sum + count : sum),
    0,
  );
  return sent === 0 ? 1 : failed / sent;
}

function job(run: WorkflowResult, id: string): string | undefined {
  return run.jobs.find((candidate) => candidate.id === id)?.result;
}

function output(run: WorkflowResult, step: string, name: string): string | undefined {
  return run.jobs.flatMap(({ steps }) => steps).find(({ id, stage }) => id === step && stage === 'Main')
    ?.outputs[name];
}

function failures(run: WorkflowResult): string {
  const failed = run.jobs.filter(({ result }) => result === 'failure');
  return failed
    .map(({ id, annotations, steps }) => {
      const step = steps.find(({ result }) => result === 'failure');
      return `${id}, step ${step?.name ?? '?'}: ${annotations.join(' ')}`;
    })
    .join('; ');
}

/** The lines of a run that tell the story: results of steps and jobs, and what the gate says at each look. */
function narrate(timeline: Timeline): (line: string) => void {
  return (line) => {
    const match = /^\[(.+?)\] (\| )?(.*)$/.exec(line);
    if (match === null) return;
    const [, where = '', output, text = ''] = match;
    const name = where.split('/').at(-1) ?? where;
    if (/^(✅|❌|🏁)/u.test(text) && !/ - (Pre|Post|Complete) /.test(text)) timeline.say(`${name}: ${text}`);
    else if (output !== undefined && /^look \d+/.test(text)) timeline.say(`${name}: ${text}`);
    else if (text.includes('::error')) timeline.say(`${name}: ${text}`);
  };
}

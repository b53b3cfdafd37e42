import { startCheckouts, measureBaseRate } from './customers.ts';
import { observer, type DeployedManifest } from './observe.ts';
import type { Site } from './pipeline.ts';
import { failures, job, output, startRuns, type Runs } from './runs.ts';
import type { Timeline } from './timeline.ts';

const namespace = 'production';
/** Checkouts per second of the shop's customers. */
const rps = 400;

/** The whole story: a first release, a good one that is promoted, a bad one that is caught and rolled back. */
export async function tellStory(site: Site, timeline: Timeline, signal: AbortSignal): Promise<void> {
  const runs = startRuns(site, timeline, signal);
  try {
    await tell(site, timeline, runs, signal);
  } finally {
    await runs.end();
  }
}

async function tell(site: Site, timeline: Timeline, runs: Runs, signal: AbortSignal): Promise<void> {
  const watch = observer(site.rig);
  const { consumer, rig } = site;

  timeline.chapter('The shop opens: there is nothing to compare with yet, so it is deployed and checked');
  const first = await consumer.commit('Open the shop');
  await consumer.pushImages(first, rig.images);
  const opening = runs.start('first', first, 'hand');
  await opening.approve();
  const good = await consumer.commit('Say that prices include VAT', {
    'services/frontend/public/index.html': (text) =>
      text.replace('    </main>', '      <p>Prices include VAT.</p>\n    </main>'),
  });
  await consumer.pushImages(good, rig.images);
  timeline.say('release 1 is pushed: its checks begin, and its deploy will wait for the reviewer');
  const promoting = runs.start('good', good);
  const opened = await opening.done;
  timeline.check('the run is green', opened.code === 0, failures(opened));
  timeline.say(`customers arrive: ${rps} checkouts a second through the gateway`);
  const load = await startCheckouts(rig.gatewayUrl, rps);
  const leave = async (): Promise<void> => {
    const { sent, byStatus } = await load.stop();
    timeline.say(`customers leave: ${sent} checkouts, by status ${JSON.stringify(byStatus)}`);
  };
  try {
    timeline.chapter('Release 1: a good one. The reviewer says yes');
    await promoting.approve();
    await Promise.race([promoting.watched, promoting.done]);
    const bad = await consumer.commit('Try another payment provider', {
      'environments/production/backend.yaml': (text) => `${text}\nfaults:\n  errorRate: 0.03\n`,
    });
    await consumer.pushImages(bad, rig.images);
    timeline.say('release 2 is pushed: its checks begin, and its deploy will wait for the reviewer');
    const catching = runs.start('bad', bad);
    const promoted = await promoting.done;
    timeline.check('the run is green', promoted.code === 0, failures(promoted));
    timeline.check('the gate says pass', output(promoted, 'gate', 'verdict') === 'pass');
    timeline.check('the release is verified', output(promoted, 'promote', 'verified') === 'true');
    const { entries } = await watch.ledger(namespace);
    const phase = entries.findLast(({ gitSha }) => gitSha === good)?.phase;
    timeline.check('so says the ledger in the cluster', phase === 'verified', phase);
    const before = await watch.releases(namespace);
    const claims = await watch.claims(namespace);

    timeline.chapter('Release 2: three of a hundred checkouts answer 500. The reviewer says yes');
    const shares: number[] = [];
    const look = setInterval(() => {
      watch.canaryShare(namespace, 'shop-backend').then((share) => shares.push(share), ignore);
    }, 1_500);
    await catching.approve();
    const caught = await catching.done.finally(() => {
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

    await leave();
    timeline.chapter('The bad commit once more, by hand, while new customers are served as the first were');
    const repeating = runs.start('again', bad, 'hand');
    await repeating.approve();
    const [again, served] = await Promise.all([repeating.done, measureBaseRate(rig.gatewayUrl, signal)]);
    timeline.check(`the gateway serves the base error rate again (${served.found})`, served.isBase);
    timeline.check('it is refused', again.code !== 0 && again.log.includes('E_ALREADY_BAD'), failures(again));
    const untouched = await watch.releases(namespace);
    timeline.check('and nothing changed', JSON.stringify(untouched) === JSON.stringify(after));
    timeline.check(
      'every call to GitHub fitted its OpenAPI description',
      site.github.violations.length === 0,
      JSON.stringify(site.github.violations.slice(0, 3)),
    );
  } finally {
    await load.stop();
  }
}

/** A look that comes too early or too late says nothing. */
const ignore = (): void => undefined;

function sameNames(
  a: Readonly<Record<string, DeployedManifest>>,
  b: Readonly<Record<string, DeployedManifest>>,
): boolean {
  return Object.keys(a).sort().join() === Object.keys(b).sort().join();
}

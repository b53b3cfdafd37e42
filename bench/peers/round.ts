import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad, type Load } from '../../rig/load/start-load.ts';
import { applyAsHelm } from '../../e2e/support/apply.ts';
import { kubectl, rig } from '../../e2e/support/rig.ts';
import { canaryOf, gatewayName, object, type Arm, type Objects, type Site } from './arm.ts';
import type { Outcome, Status } from './outcomes.ts';
import type { Result } from './report.ts';
import type { Scenario } from './scenarios.ts';

export interface RoundOptions {
  readonly round: number;
  readonly arms: readonly Arm[];
  readonly scenarios: readonly Scenario[];
  /** Services of the same kind side by side. */
  readonly beside: number;
  /** Longest watch. */
  readonly minutes: number;
  /** Traffic to stable alone before the release. */
  readonly historyMinutes: number;
  /** Ends the watches early: what is undecided then is left out. */
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Every arm in every scenario at the same time: installed, under load, released together, watched to the end. */
export async function runRound(options: RoundOptions): Promise<Result[]> {
  const { arms, log } = options;
  const namespace = `peers-${options.round}`;
  const places = arms.flatMap((arm) =>
    options.scenarios.flatMap((scenario) =>
      Array.from({ length: options.beside }, (_, index) => ({
        arm,
        site: siteOf(namespace, `${arm.name}-${scenario.name}-${index}`, scenario, options),
      })),
    ),
  );
  await kubectl('create', 'namespace', namespace);
  const [first] = places;
  if (first === undefined) return [];
  const loads: Load[] = [];
  try {
    await applyAsHelm([
      object('networking.istio.io/v1', 'Gateway', first.site, gatewayName, {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*.example.com'] }],
      }),
      ...places.flatMap(({ arm, site }) => arm.install(site)),
    ]);
    await until(600_000, async () => {
      const objects = await objectsOf(namespace);
      const waiting = places.filter(({ arm, site }) => !arm.isReady(site, objects));
      log(`waiting for ${waiting.map(({ site }) => site.app).join(', ') || 'nothing'}`);
      return waiting.length === 0;
    });
    for (const { site } of places) {
      const { rps } = site.scenario;
      const load = { url: rig().gatewayUrl, rps, paths: ['/'], headers: { host: site.host } };
      if (rps > 0) loads.push(await startLoad(load));
    }
    log(`${loads.length} loads run, ${options.historyMinutes} min of history`);
    await sleep(options.historyMinutes * 60_000);
    return await watchAll(places, options);
  } finally {
    for (const load of loads) log(JSON.stringify(await load.stop()));
    await kubectl('delete', 'namespace', namespace, '--wait=false');
  }
}

const siteOf = (
  namespace: string,
  app: string,
  scenario: Scenario,
  { minutes, signal }: RoundOptions,
): Site => ({
  ...{ namespace, app, scenario, minutes, signal },
  host: `${app}.example.com`,
  prometheusUrl: rig().prometheusUrl,
});

async function watchAll(
  places: readonly { readonly arm: Arm; readonly site: Site }[],
  { round, minutes, signal, log }: RoundOptions,
): Promise<Result[]> {
  const begun = await Promise.all(
    places.map(async ({ arm, site }) => {
      const startMs = Date.now();
      return (await arm.release(site)).map((watch) => ({ site, watch, startMs }));
    }),
  );
  const open = begun.flat();
  const decided: { site: Site; judge: string; startMs: number; outcome: Outcome }[] = [];
  // A gate that ends at its time, or a Rollout that pauses for it, is a little later than that.
  await until(minutes * 60_000 + 120_000, async () => {
    if (signal.aborted) return true;
    const objects = await objectsOf(places[0]?.site.namespace ?? '');
    for (const entry of open.splice(0)) {
      const outcome = entry.watch.look(objects);
      if (outcome === undefined) {
        open.push(entry);
        continue;
      }
      const { site, startMs } = entry;
      decided.push({ site, startMs, judge: entry.watch.judge, outcome });
      log(
        `${site.app}, ${entry.watch.judge}: ${outcome.verdict} after ${(outcome.atMs - startMs) / 1000} s: ${outcome.reason}`,
      );
    }
    return open.length === 0;
  }).catch(() => undefined);
  if (signal.aborted) log(`cut off with ${open.splice(0).length} watches undecided`);
  for (const { site, watch, startMs } of open)
    decided.push({
      ...{ site, startMs, judge: watch.judge },
      outcome: { verdict: 'inconclusive', atMs: Date.now(), reason: 'still undecided' },
    });

  // Two scrapes later the last requests are counted.
  await sleep(10_000);
  return Promise.all(
    decided.map(async ({ site, judge, startMs, outcome }) => ({
      ...{ round, app: site.app, scenario: site.scenario.name, judge, verdict: outcome.verdict },
      seconds: Math.round((outcome.atMs - startMs) / 1000),
      exposed: await exposedUntil(site, outcome.atMs + 10_000),
      reason: outcome.reason,
    })),
  );
}

/** Requests that the site's canary had served by then, over all its pods, also those that are gone. */
async function exposedUntil(site: Site, atMs: number): Promise<number> {
  const window = `${site.minutes + 10}m`;
  const query = `sum(max_over_time(http_requests_total{${canaryOf(site)}}[${window}]))`;
  const parameters = new URLSearchParams({ query, time: String(atMs / 1000) });
  const answer = await fetch(`${site.prometheusUrl}/api/v1/query?${parameters.toString()}`);
  const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

async function objectsOf(namespace: string): Promise<Objects> {
  const kinds = [
    ...['deployments.apps', 'rollouts.argoproj.io', 'analysisruns.argoproj.io', 'canaries.flagger.app'],
  ].join(',');
  const text = await kubectl('get', kinds, '-n', namespace, '-o', 'json');
  const { items } = JSON.parse(text) as { items: Status[] };
  return new Map(items.map((item) => [`${item.kind}/${item.metadata.name}`, item]));
}

/** Looks every 5 s; throws when it does not hold in time. */
async function until(ms: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`it did not come to hold within ${ms / 1000} s`);
    await sleep(5_000);
  }
}

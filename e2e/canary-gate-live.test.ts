/** Live watches over real processes behind istiod and Envoy: the gate moves the traffic, Prometheus scrapes, it decides. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad, type Load } from '../rig/load/start-load.ts';
import { applyAsHelm } from './support/apply.ts';
import { askGateway } from './support/ask-gateway.ts';
import { eventually } from './support/eventually.ts';
import { meshRoute, publishService, route, version, type Behaviour } from './support/live-shop.ts';
import { getObject, kubectl, rig } from './support/rig.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

const namespace = 'gate-live';
const loads: Load[] = [];
let folder = '';

interface Story {
  readonly app: string;
  readonly rps: number;
  readonly stable: Behaviour;
  readonly canary: Behaviour;
  readonly inputs: Readonly<Record<string, string>>;
  /** What splits its traffic; an HTTPRoute by default. */
  readonly mesh?: boolean;
}

const stories: readonly Story[] = [
  {
    app: 'errors',
    rps: 200,
    stable: { errors: 0.04, slow: 0 },
    canary: { errors: 0.16, slow: 0 },
    inputs: { weights: '5' },
  },
  {
    // The median stays where it is: three of a hundred requests take 400 ms longer.
    app: 'slow',
    rps: 40,
    stable: { errors: 0, slow: 0.002 },
    canary: { errors: 0, slow: 0.03 },
    inputs: { weights: '50', metrics: '- preset: http-latency' },
  },
  {
    app: 'healthy',
    rps: 60,
    stable: { errors: 0.1, slow: 0 },
    canary: { errors: 0.1, slow: 0 },
    // Each step takes what the looks lag behind, at least.
    inputs: { weights: '5, 25, 50', 'max-duration': '4m' },
    mesh: true,
  },
];
const results = new Map<string, BundleResult>();
/** The weight that the cluster held when the gate said that it had taken a step. */
const heldWeights: Promise<number | undefined>[] = [];

const routerOf = ({ app, mesh }: Story): string =>
  mesh === true
    ? `${namespace}/virtualservice/${app}#stable=${app},canary=${app}-canary`
    : `${namespace}/httproute/${app}`;

const watchStory = (story: Story): Promise<BundleResult> => {
  const { app, inputs, mesh } = story;
  return runBundle({
    action: 'canary-gate',
    env: { ...rig().env },
    inputs: {
      'prometheus-url': rig().prometheusUrl,
      canary: `namespace="${namespace}",app="${app}",track="canary"`,
      stable: `namespace="${namespace}",app="${app}",track="stable"`,
      router: routerOf(story),
      interval: '5s',
      'min-duration': '1m',
      'max-duration': '200s',
      report: join(folder, app),
      ...inputs,
    },
    onLine: (line) => {
      if (mesh === true && line.includes('% to the canary')) heldWeights.push(meshWeight(app));
    },
  });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-live-'));
  await publishService();
  await kubectl('create', 'namespace', namespace);
  await applyAsHelm(
    stories.flatMap(({ app, stable, canary, mesh }) => [
      ...version(namespace, app, 'stable', 2, stable),
      ...version(namespace, app, 'canary', 1, canary),
      ...(mesh === true ? meshRoute(namespace, app) : [route(namespace, app)]),
    ]),
  );
  for (const { app, rps } of stories) {
    for (const name of [app, `${app}-canary`])
      await kubectl('-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=60s');
    const host = `${app}.example.com`;
    await eventually(async () => !/status (404|503)/.test(await askGateway(host)));
    loads.push(
      await startLoad({
        url: rig().gatewayUrl,
        rps,
        paths: [{ method: 'GET', path: '/' }],
        headers: { host },
      }),
    );
  }
  await sleep(15_000);
  await Promise.all(
    stories.map(async (story) => {
      results.set(story.app, await watchStory(story));
    }),
  );
}, 360_000);
afterAll(async () => {
  for (const load of loads) await load.stop();
  await kubectl('delete', 'namespace', namespace, '--wait=false');
  rmSync(folder, { recursive: true, force: true });
});

function result(app: string): BundleResult {
  const found = results.get(app);
  if (found === undefined) throw new Error(`${app} was not watched`);
  process.stderr.write(
    `${app}: ${found.outputs['elapsed-seconds'] ?? ''} s, ${found.outputs['canary-requests'] ?? ''} requests, ${found.outputs.reason ?? ''} ${found.errors.join(' ')}\n`,
  );
  return found;
}

async function canaryWeight(app: string): Promise<number | undefined> {
  const found = await getObject<{ spec: { rules: { backendRefs: { weight?: number }[] }[] } }>(
    ...['httproute', app, '-n', namespace],
  );
  return found.spec.rules[0]?.backendRefs[1]?.weight;
}

async function meshWeight(app: string): Promise<number | undefined> {
  const found = await getObject<{ spec: { http: { route: { weight?: number }[] }[] } }>(
    ...['virtualservice', app, '-n', namespace],
  );
  return found.spec.http[0]?.route[1]?.weight;
}

interface SavedReport {
  readonly steps: readonly { readonly weight: number }[];
  readonly warnings: readonly string[];
  readonly looks: readonly { step: number; observedShare?: number }[];
}

describe('a live canary of real processes', () => {
  it('with 4 times the errors at 5 % of 200 requests per second is stopped within 2 minutes', async () => {
    const { outputs } = result('errors');
    expect(outputs).toMatchObject({ verdict: 'fail' });
    expect(outputs.reason).toContain('http-errors');
    expect(Number(outputs['elapsed-seconds'])).toBeLessThanOrEqual(120);
    expect(await canaryWeight('errors')).toBe(0);
  });

  it('whose slowest requests became slower, at the same median, is stopped for its latency', async () => {
    const { outputs } = result('slow');
    expect(outputs).toMatchObject({ verdict: 'fail' });
    expect(outputs.reason).toContain('latency');
    expect(await canaryWeight('slow')).toBe(0);
  });

  it('that is healthy passes before the time is up, and keeps its traffic', async () => {
    const { outputs, code } = result('healthy');
    expect(outputs).toMatchObject({ verdict: 'pass' });
    expect(code).toBe(0);
    expect(Number(outputs['elapsed-seconds'])).toBeLessThan(240);
    expect(await meshWeight('healthy')).toBe(50);
  });

  it('gets 5, 25 and 50 % through a VirtualService, and its pods serve what each step says', async () => {
    const { outputs } = result('healthy');
    expect(await Promise.all(heldWeights)).toEqual([5, 25, 50]);
    const report = JSON.parse(readFileSync(outputs.report ?? '', 'utf8')) as SavedReport;
    expect(report.steps.map(({ weight }) => weight)).toEqual([5, 25, 50]);
    expect(report.warnings).toEqual([]);
    for (const [step, { weight }] of report.steps.entries()) {
      const looks = report.looks.filter((look) => look.step === step);
      const observed = looks.at(-1)?.observedShare ?? NaN;
      // A scrape that came just before the step brings some of the last one's requests, a slow machine's more of them.
      expect(Math.abs(100 * observed - weight)).toBeLessThanOrEqual(8);
    }
  });
});

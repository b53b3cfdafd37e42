/** Live watches over real processes behind istiod and Envoy: the gate moves the traffic, Prometheus scrapes, it decides. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad, type Load } from '../rig/load/start-load.ts';
import { applyAsHelm } from './support/apply.ts';
import { askGateway } from './support/ask-gateway.ts';
import { eventually } from './support/eventually.ts';
import { publishService, route, version, type Behaviour } from './support/live-shop.ts';
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
    inputs: { weights: '50' },
  },
];
const results = new Map<string, BundleResult>();

const watchStory = ({ app, inputs }: Story): Promise<BundleResult> =>
  runBundle({
    action: 'canary-gate',
    env: { ...rig().env },
    inputs: {
      'prometheus-url': rig().prometheusUrl,
      canary: `namespace="${namespace}",app="${app}",track="canary"`,
      stable: `namespace="${namespace}",app="${app}",track="stable"`,
      router: `${namespace}/httproute/${app}`,
      interval: '5s',
      'min-duration': '1m',
      'max-duration': '200s',
      report: join(folder, app),
      ...inputs,
    },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gate-live-'));
  await publishService();
  await kubectl('create', 'namespace', namespace);
  await applyAsHelm(
    stories.flatMap(({ app, stable, canary }) => [
      ...version(namespace, app, 'stable', 2, stable),
      ...version(namespace, app, 'canary', 1, canary),
      route(namespace, app),
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
    expect(Number(outputs['elapsed-seconds'])).toBeLessThan(200);
    expect(await canaryWeight('healthy')).toBe(50);
  });
});

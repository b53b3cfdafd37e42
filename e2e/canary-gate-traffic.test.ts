/** The gate's traffic steps through a real istiod and Envoy: what is set is what users get. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { systemClock } from '../toolkit/clock/clock.ts';
import { kubectlCall } from '../toolkit/kubernetes/kubectl-call.ts';
import { systemProcess } from '../toolkit/process/process.ts';
import { makeRouter } from '../toolkit/traffic/make-router.ts';
import { parseRouter } from '../toolkit/traffic/router-reference.ts';
import type { TrafficRouter } from '../toolkit/traffic/router.ts';
import { applyAsHelm } from './support/apply.ts';
import { answersOf, fairSpread } from './support/ask-gateway.ts';
import { eventually } from './support/eventually.ts';
import { getObject, kubectl, rig } from './support/rig.ts';
import { runBundle, type BundleResult } from './support/run-bundle.ts';

const namespace = 'gate-traffic';
const servers: Server[] = [];

async function backend(name: string): Promise<number> {
  const server = createServer((_, response) => response.end(name));
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

const object = (apiVersion: string, kind: string, name: string, spec: object) => ({
  ...{ apiVersion, kind, metadata: { name, namespace }, spec },
});

/** A Service with one endpoint: a server of this process. */
function arm(name: string, track: string, port: number): object[] {
  const labels = { app: 'gate', track };
  return [
    object('v1', 'Service', name, { selector: labels, ports: [{ name: 'http', port: 80 }] }),
    object('networking.istio.io/v1', 'WorkloadEntry', name, {
      address: '127.0.0.1',
      labels,
      ports: { http: port },
    }),
  ];
}

const virtualService = [
  object('networking.istio.io/v1', 'Gateway', 'gate', {
    selector: { istio: 'ingressgateway' },
    servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['mesh.example.com'] }],
  }),
  object('networking.istio.io/v1', 'VirtualService', 'gate', {
    hosts: ['mesh.example.com'],
    gateways: ['gate'],
    http: [
      {
        route: [
          { destination: { host: 'gate', port: { number: 80 } }, weight: 100 },
          { destination: { host: 'gate-canary', port: { number: 80 } }, weight: 0 },
        ],
      },
    ],
  }),
];

const httpRoute = [
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', 'gate', {
    hostnames: ['route.example.com'],
    parentRefs: [{ name: 'ingress', namespace: 'istio-system' }],
    rules: [
      {
        backendRefs: [
          { name: 'gate', port: 80, weight: 100 },
          { name: 'gate-canary', port: 80, weight: 0 },
        ],
      },
    ],
  }),
];

beforeAll(async () => {
  const ports = { stable: await backend('stable'), canary: await backend('canary') };
  await kubectl('create', 'namespace', namespace);
  await applyAsHelm([
    ...arm('gate', 'stable', ports.stable),
    ...arm('gate-canary', 'canary', ports.canary),
    ...virtualService,
    ...httpRoute,
  ]);
  for (const host of ['mesh.example.com', 'route.example.com'])
    await eventually(async () => (await answersOf(host, 3)).stable === 3);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', namespace, '--wait=false');
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function router(reference: string): TrafficRouter {
  const call = kubectlCall({ process: systemProcess, clock: systemClock, env: rig().env, context: '' });
  return makeRouter(parseRouter(`${namespace}/${reference}`), call);
}

describe.each([
  [
    'VirtualService',
    'mesh.example.com',
    'virtualservice/gate#stable=gate,canary=gate-canary',
    virtualService,
  ],
  ['HTTPRoute', 'route.example.com', 'httproute/gate', httpRoute],
])('traffic steps by %s', (kind, host, reference, released) => {
  it.each([5, 25, 50, 0])('%d %% set is what the gateway serves', async (percent) => {
    expect(await router(reference).set(percent)).toBe(percent);
    // Envoy takes the new weights within a second, on a busy machine later; wrong ones it would serve for ever.
    await eventually(async () => {
      const { stable = 0, canary = 0, ...others } = await answersOf(host, 600);
      expect(others).toEqual({});
      expect(stable + canary).toBe(600);
      return Math.abs(canary - 6 * percent) <= fairSpread(600, percent);
    });
  });

  it('leaves the object to its release: a server-side apply meets no conflict and sets it back', async () => {
    await router(reference).set(10);
    const shown = await getObject<{ metadata: { managedFields: { manager: string }[] } }>(
      ...[kind, 'gate', '-n', namespace, '--show-managed-fields'],
    );
    expect(shown.metadata.managedFields.map(({ manager }) => manager)).not.toContain('gated-delivery');
    await applyAsHelm(released);
    expect(await router(reference).read()).toBe(0);
  });
});

describe('a cluster that cannot be asked', () => {
  const reference = 'virtualservice/gate#stable=gate,canary=gate-canary';
  const folder = mkdtempSync(join(tmpdir(), 'gd-kubeconfig-'));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['a kubeconfig that is not there', (path: string) => path, 'E_AUTH'],
    [
      'an API server that nothing answers for',
      (path: string) => write(path, { server: 'https://127.0.0.1:1' }, {}),
      'E_TIMEOUT',
    ],
    ['credentials that it does not know', (path: string) => write(path, {}, { token: 'stranger' }), 'E_AUTH'],
  ])('%s is one coded error, and the route stays as it is', async (name, kubeconfig, code) => {
    await router(reference).set(10);
    const before = await getObject<{ spec: unknown }>('virtualservice', 'gate', '-n', namespace);
    const failed = await runBundle({
      action: 'canary-gate',
      inputs: {
        'prometheus-url': rig().prometheusUrl,
        canary: 'app="gate",track="canary"',
        stable: 'app="gate",track="stable"',
        router: `${namespace}/${reference}`,
        weights: '5, 25',
        report: join(folder, 'report'),
      },
      env: { ...rig().env, KUBECONFIG: kubeconfig(join(folder, `${name.replaceAll(' ', '-')}.json`)) },
    });
    expect(failed.code).toBe(1);
    expect(failed.errors).toHaveLength(1);
    expect(failed.errors[0]).toContain(code);
    expect(failed.errors[0]).toContain('Next:');
    expect(failed.outputs).toMatchObject({ verdict: 'inconclusive' });
    const after = await getObject<{ spec: unknown }>('virtualservice', 'gate', '-n', namespace);
    expect(after.spec).toEqual(before.spec);
    expect(await router(reference).read()).toBe(10);
  });

  /** The rig's kubeconfig with another server or another user. */
  function write(path: string, server: object, user: object): string {
    const config = parse(readFileSync(rig().kubeconfig, 'utf8')) as {
      clusters: { cluster: object }[];
      users: { user: object }[];
    };
    for (const one of config.clusters) Object.assign(one.cluster, server);
    if (Object.keys(user).length > 0) for (const one of config.users) one.user = user;
    writeFileSync(path, JSON.stringify(config));
    return path;
  }
});

describe('a watch that does not come to its end', () => {
  const reference = 'virtualservice/gate#stable=gate,canary=gate-canary';
  const report = mkdtempSync(join(tmpdir(), 'gd-gate-'));
  afterAll(() => {
    rmSync(report, { recursive: true, force: true });
  });

  /** Runs the bundle until the canary has its traffic, then ends it by `signal`. */
  async function interrupted(signal: 'SIGINT' | 'SIGKILL', attempt: number): Promise<BundleResult> {
    let gate: ChildProcess | undefined;
    const run = runBundle({
      action: 'canary-gate',
      inputs: {
        'prometheus-url': rig().prometheusUrl,
        canary: 'app="gate",track="canary"',
        stable: 'app="gate",track="stable"',
        metrics: '- preset: http-errors',
        router: `${namespace}/${reference}`,
        weights: '25',
        report,
      },
      env: { ...rig().env, GITHUB_RUN_ATTEMPT: String(attempt) },
      onStart: (child) => {
        gate = child;
      },
    });
    await eventually(async () => (await router(reference).read()) === 25);
    // The step is written down after it is taken.
    await eventually(() => Promise.resolve(state().steps.length === 1));
    gate?.kill(signal);
    return run;
  }

  const state = (): { sinceMs: number; steps: { weight: number }[] } => {
    try {
      return JSON.parse(readFileSync(join(report, 'state.json'), 'utf8')) as ReturnType<typeof state>;
    } catch {
      return { sinceMs: 0, steps: [] };
    }
  };

  it('goes on where it was when the runner is killed, and takes the traffic away when it is cancelled', async () => {
    const killed = await interrupted('SIGKILL', 1);
    expect(killed.signal).toBe('SIGKILL');
    const { sinceMs, steps } = state();
    expect(steps).toMatchObject([{ weight: 25 }]);
    // Somebody takes the canary's traffic away meanwhile.
    await router(reference).set(0);

    const cancelled = await interrupted('SIGINT', 2);
    expect(cancelled.signal).toBeNull();
    expect(cancelled.log).toContain(`continuing the watch that began at ${new Date(sinceMs).toISOString()}`);
    expect(cancelled.outputs).toMatchObject({ verdict: 'inconclusive', reason: 'the run was cancelled' });
    expect(await router(reference).read()).toBe(0);
    expect(state()).toMatchObject({ sinceMs, steps: [{ weight: 25 }] });
  });
});

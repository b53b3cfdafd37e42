/** The routers that Istio has no part in, against the API server; replica counts with real pods behind Envoy. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageStore } from '../rig/images/image-store.ts';
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

const namespace = 'gate-routers';
const host = 'replicas.example.com';
const image = 'gate-routers/echo:1';
const nginx = 'nginx.ingress.kubernetes.io';

const server = `
const http = require('node:http');
http.createServer((request, response) => response.end(process.env.TRACK)).listen(3000, process.env.HOST);
process.on('SIGTERM', () => process.exit(0));
`;

function ingress(name: string, annotations: Record<string, string>): object {
  const service = { name: 'echo', port: { number: 80 } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations },
    spec: {
      ingressClassName: 'nginx',
      rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service } }] } }],
    },
  };
}

function deployment(name: string, track: string, replicas: number): object {
  const labels = { app: 'echo', track };
  const env = [
    { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'TRACK', value: track },
  ];
  const container = {
    ...{ name: 'echo', image, env, ports: [{ name: 'http', containerPort: 3000 }] },
    readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { 'rig.gated-delivery.dev/run': 'true' } },
        spec: { containers: [container] },
      },
    },
  };
}

const service = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'echo', namespace } },
  spec: { selector: { app: 'echo' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
};
const route = {
  ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'echo', namespace } },
  spec: {
    hostnames: [host],
    parentRefs: [{ name: 'ingress', namespace: 'istio-system' }],
    rules: [{ backendRefs: [{ name: 'echo', port: 80 }] }],
  },
};
const canaryIngress = ingress('echo-canary', {
  [`${nginx}/canary`]: 'true',
  [`${nginx}/canary-weight`]: '0',
});

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'echo-'));
  writeFileSync(join(folder, 'server.js'), server);
  writeFileSync(join(folder, 'image.json'), '{"command": ["node", "server.js"]}');
  await imageStore(join(rig().dir, 'images')).publish(image, folder);
  rmSync(folder, { recursive: true });
  await kubectl('create', 'namespace', namespace);
  await applyAsHelm([
    ...[service, route, canaryIngress, ingress('echo', {})],
    ...[deployment('echo', 'stable', 4), deployment('echo-canary', 'canary', 0)],
  ]);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', namespace, '--wait=false');
});

function router(reference: string): TrafficRouter {
  const call = kubectlCall({ process: systemProcess, clock: systemClock, env: rig().env, context: '' });
  return makeRouter(parseRouter(`${namespace}/${reference}`), call);
}

describe('the canary Ingress of ingress-nginx', () => {
  const annotations = async (): Promise<Record<string, string>> =>
    (
      await getObject<{ metadata: { annotations: Record<string, string> } }>(
        ...['ingress', 'echo-canary', '-n', namespace],
      )
    ).metadata.annotations;

  it.each([
    [5, '5', '100'],
    [0.5, '5', '1000'],
    [50, '50', '100'],
    [0, '0', '100'],
  ])('%d %% become weight %s of %s, read back from the server', async (percent, weight, total) => {
    const split = router('ingress/echo-canary');
    expect(await split.set(percent)).toBe(percent);
    expect(await split.read()).toBe(percent);
    expect(await annotations()).toMatchObject({
      [`${nginx}/canary`]: 'true',
      [`${nginx}/canary-weight`]: weight,
      [`${nginx}/canary-weight-total`]: total,
    });
  });

  it('goes back to its release without a conflict', async () => {
    await router('ingress/echo-canary').set(25);
    await applyAsHelm([canaryIngress]);
    expect((await annotations())[`${nginx}/canary-weight`]).toBe('0');
  });

  it('is refused when it is not a canary, and when it is not there; nothing is changed', async () => {
    await expect(router('ingress/echo').set(5)).rejects.toMatchObject({ code: 'E_CONFIG' });
    await expect(router('ingress/nobody').set(5)).rejects.toMatchObject({ code: 'E_CONFIG' });
    const plain = await getObject<{ metadata: { annotations?: object } }>('ingress', 'echo', '-n', namespace);
    expect(JSON.stringify(plain.metadata.annotations ?? {})).not.toContain('canary');
  });
});

describe('replica counts', () => {
  const replicas = async (name: string): Promise<number> =>
    (await getObject<{ spec: { replicas: number } }>('deployment', name, '-n', namespace)).spec.replicas;

  it.each([
    [25, 1],
    [50, 2],
    [5, 1],
    [0, 0],
  ])('%d %% are %d of four pods, and requests follow them', async (percent, pods) => {
    const split = router('deployment/echo');
    expect(await split.set(percent)).toBe(25 * pods);
    expect(await replicas('echo-canary')).toBe(pods);
    expect(await replicas('echo')).toBe(4 - pods);
    for (const name of ['echo', 'echo-canary'])
      await kubectl('-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=60s');
    const sent = 200;
    await eventually(async () => {
      const { stable = 0, canary = 0 } = await answersOf(host, sent);
      const fair = Math.abs(canary - (sent * pods) / 4) <= fairSpread(sent, 25 * pods);
      return stable + canary === sent && fair;
    });
  });
});

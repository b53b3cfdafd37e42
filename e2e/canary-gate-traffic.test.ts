/** The gate's traffic steps through a real istiod and Envoy: what is set is what users get. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../toolkit/clock/clock.ts';
import { kubectlCall } from '../toolkit/kubernetes/kubectl-call.ts';
import { systemProcess } from '../toolkit/process/process.ts';
import { makeRouter } from '../toolkit/traffic/make-router.ts';
import { parseRouter } from '../toolkit/traffic/router-reference.ts';
import { eventually } from './support/eventually.ts';
import { kubectl, rig, tool } from './support/rig.ts';

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

/** Sends requests one after the other and counts who answered. */
async function answers(
  host: string,
  count: number,
): Promise<{ stable: number; canary: number; other: number }> {
  const counts = { stable: 0, canary: 0, other: 0 };
  for (let i = 0; i < count; i += 1) {
    const text = await ask(host);
    if (text === 'stable' || text === 'canary') counts[text] += 1;
    else counts.other += 1;
  }
  return counts;
}

function ask(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(rig().gatewayUrl, { headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve(text);
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

function manifests(ports: { stable: number; canary: number }): string {
  const entry = (track: 'stable' | 'canary') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: ${track}, namespace: ${namespace} }
spec:
  hosts: [${track}.gate.internal]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP, targetPort: ${ports[track]} }]
  endpoints: [{ address: 127.0.0.1 }]
---`;
  return `${entry('stable')}${entry('canary')}
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gate, namespace: ${namespace} }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: GATEWAYPORT, name: http, protocol: HTTP }, hosts: [gate.example.com] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: gate, namespace: ${namespace} }
spec:
  hosts: [gate.example.com]
  gateways: [gate]
  http:
    - route:
        - { destination: { host: stable.gate.internal, port: { number: 80 } }, weight: 100 }
        - { destination: { host: canary.gate.internal, port: { number: 80 } }, weight: 0 }
`;
}

beforeAll(async () => {
  const ports = { stable: await backend('stable'), canary: await backend('canary') };
  await kubectl('create', 'namespace', namespace);
  const text = manifests(ports).replace('GATEWAYPORT', new URL(rig().gatewayUrl).port || '80');
  await apply(text);
  await eventually(async () => (await answers('gate.example.com', 3)).stable === 3);
});
afterAll(async () => {
  await kubectl('delete', 'namespace', namespace, '--wait=false');
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** As Helm does it: server-side, and refused where somebody else owns a field. */
async function apply(text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'gate-traffic-'));
  try {
    await writeFile(`${folder}/all.yaml`, text);
    await tool('kubectl', ['apply', '--server-side', '--field-manager=helm', '-f', `${folder}/all.yaml`]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('traffic steps', () => {
  const call = () => kubectlCall({ process: systemProcess, clock: systemClock, env: rig().env, context: '' });

  it.each([5, 25, 50, 0])('%d %% set is what the gateway serves', async (percent) => {
    const reference = `${namespace}/virtualservice/gate#stable=stable,canary=canary`;
    expect(await makeRouter(parseRouter(reference), call()).set(percent)).toBe(percent);
    // Envoy takes the new weights within a second.
    await sleep(1_500);
    const counts = await answers('gate.example.com', 600);
    expect(counts.other).toBe(0);
    // Six standard deviations of a fair split.
    const spread = 6 * Math.sqrt((600 * percent * (100 - percent)) / 10_000);
    expect(Math.abs(counts.canary - 6 * percent)).toBeLessThanOrEqual(spread);
  });

  it('leaves the object to its release: a server-side apply meets no conflict', async () => {
    const shown = await kubectl(
      'get',
      'virtualservice',
      'gate',
      '-n',
      namespace,
      '-o',
      'json',
      '--show-managed-fields',
    );
    const managers = (JSON.parse(shown) as { metadata: { managedFields: { manager: string }[] } }).metadata
      .managedFields;
    expect(managers.map(({ manager }) => manager)).not.toContain('gated-delivery');
  });
});

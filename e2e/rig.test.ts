import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { imageStore } from '../rig/images/image-store.ts';
import { loadPrometheus } from '../rig/prometheus/load-prometheus.ts';
import { eventually } from './support/eventually.ts';
import { getObject, kubectl, rig, tool } from './support/rig.ts';

const namespace = 'rig-itself';
const host = 'rig-itself.example.com';

const server = `
const http = require('node:http');
http.createServer((request, response) => {
  if (request.url === '/crash') process.exit(3);
  response.end(process.env.TRACK);
}).listen(3000, process.env.HOST, () => console.log(process.env.TRACK + ' listens'));
process.on('SIGTERM', () => process.exit(0));
`;

const deployment = (name: string, track: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: {
    selector: { matchLabels: { app: 'web', track } },
    template: {
      metadata: {
        labels: { app: 'web', track },
        annotations: { 'rig.gated-delivery.dev/run': 'true' },
      },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'rig-itself/web:1',
            ports: [{ name: 'http', containerPort: 3000 }],
            env: [
              { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
              { name: 'TRACK', value: track },
            ],
            readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
});
const service = (name: string, selector: Record<string, string>) => ({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
  spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
});
const istio = (kind: string, name: string, spec: object) => ({
  ...{ apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace }, spec },
});

async function apply(...objects: object[]): Promise<void> {
  const file = join(mkdtempSync(join(tmpdir(), 'apply-')), 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await kubectl('apply', '--filename', file);
}

function ask(path: string, name = host, gateway = rig().gatewayUrl): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${gateway}${path}`, { headers: { host: name } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve(`${response.statusCode ?? 0} ${text}`);
      });
    }).on('error', reject);
  });
}

/** Counts the answers of `n` requests. */
async function count(n: number, name = host): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (let i = 0; i < n; i++) {
    const answer = await ask('/', name);
    answers[answer] = (answers[answer] ?? 0) + 1;
  }
  return answers;
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'web-'));
  writeFileSync(join(folder, 'server.js'), server);
  writeFileSync(join(folder, 'image.json'), '{"command": ["node", "server.js"]}');
  await imageStore(join(rig().dir, 'images')).publish('rig-itself/web:1', folder);
  await kubectl('create', 'namespace', namespace);
  await apply(
    deployment('web', 'stable'),
    deployment('web-canary', 'canary'),
    service('web', { app: 'web' }),
    istio('Gateway', 'web', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: [host] }],
    }),
    istio('DestinationRule', 'web', {
      host: 'web',
      subsets: ['stable', 'canary'].map((track) => ({ name: track, labels: { track } })),
    }),
    istio('VirtualService', 'web', {
      hosts: [host],
      gateways: ['web'],
      http: [
        {
          route: [
            { destination: { host: 'web', subset: 'stable' }, weight: 90 },
            { destination: { host: 'web', subset: 'canary' }, weight: 10 },
          ],
        },
      ],
    }),
  );
  for (const name of ['web', 'web-canary']) {
    await kubectl('-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=60s');
  }
  await eventually(async () => (await ask('/')).startsWith('200'));
});
afterAll(async () => {
  await kubectl('delete', 'namespace', namespace, '--wait=false');
});

describe('the rig', () => {
  it('splits traffic between two real processes by a VirtualService', async () => {
    const answers = await count(1_000);
    expect(Object.keys(answers).sort()).toEqual(['200 canary', '200 stable']);
    // 10 % of 1,000, and six standard deviations to each side.
    expect(answers['200 canary']).toBeGreaterThan(43);
    expect(answers['200 canary']).toBeLessThan(157);
  });

  it('splits traffic by an HTTPRoute too', async () => {
    const name = `route.${host}`;
    const tracks = ['stable', 'canary'];
    await apply(...tracks.map((track) => service(`web-${track}`, { app: 'web', track })), {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { name: 'web', namespace },
      spec: {
        hostnames: [name],
        parentRefs: [{ name: 'ingress', namespace: 'istio-system' }],
        rules: [
          {
            backendRefs: [
              { name: 'web-stable', port: 80, weight: 1 },
              { name: 'web-canary', port: 80, weight: 1 },
            ],
          },
        ],
      },
    });
    await eventually(async () => (await ask('/', name)).startsWith('200'));
    const answers = await count(400, name);
    // Half of 400, and six standard deviations to each side.
    expect(answers['200 canary']).toBeGreaterThan(140);
    expect(answers['200 canary']).toBeLessThan(260);
  });

  it('shows a crash in the status, restarts the process, and keeps both logs', async () => {
    const pods = await getObject<{ items: { metadata: { name: string } }[] }>(
      ...['pods', '-n', namespace, '-l', 'track=canary'],
    );
    const name = pods.items[0]?.metadata.name ?? '';
    const status = (): Promise<Status> => getObject<Status>('pod', name, '-n', namespace);
    const address = (await status()).status.podIP;
    await new Promise((resolve) => get(`http://${address}:3000/crash`).on('error', resolve));
    await eventually(async () => (await status()).status.containerStatuses[0]?.restartCount === 1);
    expect((await status()).status.containerStatuses[0]?.lastState).toMatchObject({
      terminated: { exitCode: 3, reason: 'Error' },
    });
    const log = (...more: string[]) => kubectl('-n', namespace, 'logs', name, ...more);
    expect(await log('--previous')).toBe('canary listens\n');
    await eventually(async () => (await log()) === 'canary listens\n');
  });

  it('gives a StatefulSet its volumes', async () => {
    const labels = { app: 'db' };
    await apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'db', namespace },
      spec: {
        serviceName: 'db',
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'db' }] } },
        volumeClaimTemplates: [
          {
            metadata: { name: 'data' },
            spec: {
              accessModes: ['ReadWriteOnce'],
              storageClassName: 'gp2',
              resources: { requests: { storage: '1Gi' } },
            },
          },
        ],
      },
    });
    await kubectl('-n', namespace, 'rollout', 'status', 'statefulset/db', '--timeout=60s');
    const claim = await getObject<{ status: { phase: string } }>('pvc', 'data-db-0', '-n', namespace);
    expect(claim.status.phase).toBe('Bound');
  });

  it('verifies the API server’s certificate', async () => {
    expect(readFileSync(rig().kubeconfig, 'utf8')).not.toContain('insecure');
    const wrong = ['--certificate-authority=/etc/hostname', 'get', 'nodes'];
    await expect(kubectl(...wrong)).rejects.toThrow();
  });

  it('serves a given history from a Prometheus of its own', async () => {
    const text = '# TYPE up gauge\nup{job="a"} 1 1700000000\nup{job="a"} 0 1700000060\n# EOF\n';
    const loaded = await loadPrometheus(text);
    const ask = async (time: number): Promise<unknown> => {
      const answer = await fetch(`${loaded.url}/api/v1/query?query=up&time=${time}`);
      return ((await answer.json()) as { data: { result: { value: unknown[] }[] } }).data.result[0]?.value[1];
    };
    expect(await ask(1_700_000_030)).toBe('1');
    expect(await ask(1_700_000_090)).toBe('0');
    await loaded.stop();
  });

  it('starts with all its parts beside another rig, and a killed one leaves nothing', async () => {
    const { execPath } = process;
    const child = execFile(execPath, ['--no-warnings', 'rig/cli.ts'], { env: process.env });
    let output = '';
    child.stdout?.on('data', (chunk: string) => (output += chunk));
    await eventually(async () => output.includes('GITHUB_TOKEN=') || child.exitCode !== null, 110_000);
    const said = (name: string): string => new RegExp(`^export ${name}=(.*)$`, 'm').exec(output)?.[1] ?? '';
    const dir = said('RIG_DIR');
    // Both serve, each its own: the other has no route to what this one runs, and nothing of it to scrape.
    expect(await ask('/', host, said('GATEWAY_URL'))).toMatch(/^404 /);
    expect(await ask('/')).toMatch(/^200 /);
    const scraped = async (url: string): Promise<string[]> => {
      const answer = await fetch(`${url}/api/v1/targets`);
      const { data } = (await answer.json()) as { data: { activeTargets: { scrapeUrl: string }[] } };
      return data.activeTargets.map(({ scrapeUrl }) => new URL(scrapeUrl).hostname);
    };
    const ours = await scraped(rig().prometheusUrl);
    expect((await scraped(said('PROMETHEUS_URL'))).filter((address) => ours.includes(address))).toEqual([]);
    expect((await fetch(`${said('GITHUB_API_URL')}/meta`)).status).toBeLessThan(500);
    const nodes = await tool('kubectl', ['get', 'nodes', '-o', 'name'], {
      env: { KUBECONFIG: join(dir, 'kubeconfig') },
    });
    expect(nodes.trim().split('\n')).toHaveLength(7);
    const pids = (JSON.parse(readFileSync(join(dir, 'processes.json'), 'utf8')) as { pid: number }[]).map(
      ({ pid }) => pid,
    );
    expect(pids.length).toBeGreaterThanOrEqual(6);
    child.kill('SIGKILL');
    await eventually(async () => !existsSync(dir));
    const alive = pids.filter((pid) => existsSync(`/proc/${pid}/cmdline`) && commandOf(pid).includes(dir));
    expect(alive).toEqual([]);
  });
});

interface Status {
  status: { podIP: string; containerStatuses: { restartCount: number; lastState: unknown }[] };
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

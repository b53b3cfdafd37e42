/** Small real services as pods on the rig: what they do wrong is told by their environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageStore } from '../../rig/images/image-store.ts';
import { rig } from './rig.ts';

const image = 'gate-live/service:1';

const program = `
const http = require('node:http');
const { HOST, ERROR_RATE, SLOW_RATE } = process.env;
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const buckets = bounds.map(() => 0);
let [ok, failed, sum] = [0, 0, 0];
const started = Date.now() / 1000;
const metrics = () => [
  'http_requests_total{code="200"} ' + ok,
  'http_requests_total{code="500"} ' + failed,
  ...bounds.map((le, i) => 'http_request_duration_seconds_bucket{le="' + le + '"} ' + buckets[i]),
  'http_request_duration_seconds_bucket{le="+Inf"} ' + (ok + failed),
  'http_request_duration_seconds_sum ' + sum,
  'http_request_duration_seconds_count ' + (ok + failed),
  'process_start_time_seconds ' + started,
].join('\\n') + '\\n';
http.createServer((request, response) => {
  if (request.url === '/metrics') return response.setHeader('content-type', 'text/plain; version=0.0.4').end(metrics());
  if (request.url === '/readyz') return response.end();
  const begun = performance.now();
  setTimeout(() => {
    const seconds = (performance.now() - begun) / 1000;
    bounds.forEach((le, i) => { if (seconds <= le) buckets[i] += 1; });
    sum += seconds;
    const bad = Math.random() < Number(ERROR_RATE);
    if (bad) failed += 1; else ok += 1;
    response.writeHead(bad ? 500 : 200).end();
  }, Math.random() < Number(SLOW_RATE) ? 400 : 0);
}).listen(3000, HOST);
process.on('SIGTERM', () => process.exit(0));
`;

export async function publishService(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gate-live-'));
  writeFileSync(join(folder, 'server.js'), program);
  writeFileSync(join(folder, 'image.json'), '{"command": ["node", "server.js"]}');
  await imageStore(join(rig().dir, 'images')).publish(image, folder);
  rmSync(folder, { recursive: true });
}

export interface Behaviour {
  /** Share of requests answered 500. */
  readonly errors: number;
  /** Share of requests that take 400 ms longer. */
  readonly slow: number;
}

/** One version of a service: its Deployment and Service. */
export function version(
  namespace: string,
  app: string,
  track: 'stable' | 'canary',
  replicas: number,
  { errors, slow }: Behaviour,
): object[] {
  const name = track === 'stable' ? app : `${app}-canary`;
  const labels = { app, track };
  const container = {
    ...{ name: 'service', image, ports: [{ name: 'http', containerPort: 3000 }] },
    env: [
      { name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'ERROR_RATE', value: String(errors) },
      { name: 'SLOW_RATE', value: String(slow) },
    ],
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
  };
  const annotations = {
    'rig.gated-delivery.dev/run': 'true',
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '3000',
    'prometheus.io/path': '/metrics',
  };
  return [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec: { containers: [container] } },
      },
    },
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  ];
}

/** The HTTPRoute `app` on host `app.example.com`, all traffic to stable. */
export function route(namespace: string, app: string): object {
  return {
    ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: app, namespace } },
    spec: {
      hostnames: [`${app}.example.com`],
      parentRefs: [{ name: 'ingress', namespace: 'istio-system' }],
      rules: [
        {
          backendRefs: [
            { name: app, port: 80, weight: 100 },
            { name: `${app}-canary`, port: 80, weight: 0 },
          ],
        },
      ],
    },
  };
}

/** The VirtualService `app` with its Gateway on host `app.example.com`, all traffic to stable. */
export function meshRoute(namespace: string, app: string): object[] {
  const meta = (kind: string) => ({
    ...{ apiVersion: 'networking.istio.io/v1', kind, metadata: { name: app, namespace } },
  });
  const hosts = [`${app}.example.com`];
  const destination = (host: string, weight: number) => ({
    destination: { host, port: { number: 80 } },
    weight,
  });
  return [
    {
      ...meta('Gateway'),
      spec: {
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts }],
      },
    },
    {
      ...meta('VirtualService'),
      spec: {
        hosts,
        gateways: [app],
        http: [{ route: [destination(app, 100), destination(`${app}-canary`, 0)] }],
      },
    },
  ];
}

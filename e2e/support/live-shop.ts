/** Small real services as pods on the rig: what they do wrong is told by their environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageStore } from '../../rig/images/image-store.ts';
import { rig } from './rig.ts';

const image = 'gate-live/service:1';

const program = `
const http = require('node:http');
const { HOST, ERROR_RATE, BURST_ERROR_RATE, SLOW_RATE, SLOW_MS, POD_NAME, POD_NAMESPACE } = process.env;
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const buckets = bounds.map(() => 0);
let [ok, failed, sum] = [0, 0, 0];
const started = Date.now() / 1000;
let errorRate = ERROR_RATE;
setInterval(() => { errorRate = Math.random() < 0.1 ? BURST_ERROR_RATE : ERROR_RATE; }, 10000);
// The same counts under the names that a service mesh's sidecar gives them.
const workload = POD_NAME.replace(/-[0-9a-z]+-[0-9a-z]+$/, '');
const mesh = 'reporter="destination",destination_workload_namespace="' + POD_NAMESPACE + '",destination_workload="' + workload + '"';
const metrics = () => [
  'istio_requests_total{' + mesh + ',response_code="200"} ' + ok,
  'istio_requests_total{' + mesh + ',response_code="500"} ' + failed,
  ...[...bounds, Infinity].map((le, i) => 'istio_request_duration_milliseconds_bucket{' + mesh + ',le="' +
    (le === Infinity ? '+Inf' : 1000 * le) + '"} ' + (buckets[i] ?? ok + failed)),
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
    const bad = Math.random() < Number(errorRate);
    if (bad) failed += 1; else ok += 1;
    response.writeHead(bad ? 500 : 200).end();
  }, Math.random() < Number(SLOW_RATE) ? Number(SLOW_MS) : 0);
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
  /** Share of requests that take `slowMs` (default 400) longer. */
  readonly slow: number;
  readonly slowMs?: number;
  /** Share answered 500 one tenth of the time, 10 s at a stretch, each pod for itself; default `errors`. */
  readonly burstErrors?: number;
}

/** The pod of one version of a service, scraped and run by the rig. */
export function podTemplate(
  labels: Readonly<Record<string, string>>,
  { errors, slow, slowMs = 400, burstErrors = errors }: Behaviour,
): object {
  const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
  const value = (name: string, number: number) => ({ name, value: String(number) });
  const container = {
    ...{ name: 'service', image, ports: [{ name: 'http', containerPort: 3000 }] },
    env: [
      field('HOST', 'status.podIP'),
      field('POD_NAME', 'metadata.name'),
      field('POD_NAMESPACE', 'metadata.namespace'),
      value('ERROR_RATE', errors),
      value('BURST_ERROR_RATE', burstErrors),
      value('SLOW_RATE', slow),
      value('SLOW_MS', slowMs),
    ],
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 1 },
  };
  const annotations = {
    'rig.gated-delivery.dev/run': 'true',
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '3000',
    'prometheus.io/path': '/metrics',
  };
  return { metadata: { labels, annotations }, spec: { containers: [container] } };
}

/** One version of a service: its Deployment and Service. */
export function version(
  namespace: string,
  app: string,
  track: 'stable' | 'canary',
  replicas: number,
  behaviour: Behaviour,
): object[] {
  const name = track === 'stable' ? app : `${app}-canary`;
  const labels = { app, track };
  return [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: podTemplate(labels, behaviour),
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

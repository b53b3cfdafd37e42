/** A server that errs: 2 of a hundred requests, in bursts of 10 s (a tenth of the time, each process for itself) 20. */
export const aaProgram = `
const http = require('node:http');
let [ok, failed, burst] = [0, 0, false];
const started = Date.now() / 1000;
setInterval(() => { burst = Math.random() < 0.1; }, 10000);
http.createServer((request, response) => {
  if (request.url === '/metrics')
    return response.setHeader('content-type', 'text/plain; version=0.0.4').end(
      'http_requests_total{code="200"} ' + ok + '\\nhttp_requests_total{code="500"} ' + failed +
      '\\nprocess_start_time_seconds ' + started + '\\n');
  if (request.url === '/readyz') return response.end();
  const bad = Math.random() < (burst ? 0.2 : 0.02);
  if (bad) failed += 1; else ok += 1;
  response.writeHead(bad ? 500 : 200).end();
}).listen(3000, process.env.HOST);
process.on('SIGTERM', () => process.exit(0));
`;

/** That server as a Deployment behind the rig's gateway, on the host `aa.example.com`. */
export function aaObjects(replicas: number): object {
  const metadata = { name: 'aa', namespace: 'default' };
  const labels = { app: 'aa' };
  const annotations = {
    'rig.gated-delivery.dev/run': 'true',
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': '3000',
    'prometheus.io/path': '/metrics',
  };
  const container = {
    ...{ name: 'service', image: 'bench/service:1', ports: [{ name: 'http', containerPort: 3000 }] },
    env: [{ name: 'HOST', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
  };
  const items = [
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec: { containers: [container] } },
      },
    },
    {
      ...{ apiVersion: 'v1', kind: 'Service', metadata },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
    {
      ...{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata },
      spec: {
        hostnames: ['aa.example.com'],
        parentRefs: [{ name: 'ingress', namespace: 'istio-system' }],
        rules: [{ backendRefs: [{ name: 'aa', port: 80 }] }],
      },
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

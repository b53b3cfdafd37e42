import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5];

/**
 * One registry per service: the process metrics, and the two metrics of HTTP that dashboards and gates look for.
 * `routes` lists what is served as { method, route, codes }; each series exists from the start at 0, so the first
 * error of a new pod is a step that Prometheus can see.
 */
export function createMetrics({ routes = [] } = {}) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by method, route and status code.',
    labelNames: ['method', 'route', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of the request to the last of the answer.',
    labelNames: ['method', 'route'],
    buckets,
    registers: [registry],
  });
  const logLines = new Counter({
    name: 'log_messages_total',
    help: 'Lines written to the log, by level.',
    labelNames: ['level'],
    registers: [registry],
  });

  for (const { method, route, codes } of routes) {
    duration.zero({ method, route });
    for (const code of codes) requests.inc({ method, route, code }, 0);
  }
  for (const level of ['info', 'warn', 'error']) logLines.inc({ level }, 0);

  return {
    registry,
    observeRequest({ method, route, code, seconds }) {
      requests.inc({ method, route, code });
      duration.observe({ method, route }, seconds);
    },
    countLogLine: (level) => logLines.inc({ level }),
  };
}

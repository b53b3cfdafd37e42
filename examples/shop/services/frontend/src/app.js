import { createLog, createMetrics, createService } from '@shop/service-kit';
import { loadPages } from './pages.js';
import { createProxy } from './proxy.js';

const apiRoutes = [
  { method: 'GET', route: '/api/products' },
  { method: 'POST', route: '/api/checkout' },
];

/** Puts the frontend together from its configuration; nothing listens yet. */
export function createApp(config, { write } = {}) {
  const pages = loadPages(new URL('../public/', import.meta.url), config);
  const handle = config.backendUrl ? createProxy(config.backendUrl) : undefined;
  const api = handle ? apiRoutes.map((entry) => ({ ...entry, handle })) : [];

  const metrics = createMetrics({
    routes: pages.map(({ method, route }) => ({ method, route, codes: [200, 500] })),
  });
  const log = createLog({
    fields: { app: 'shop-frontend', version: config.version, track: config.track },
    count: metrics.countLogLine,
    write,
  });
  return { service: createService({ routes: [...pages, ...api], metrics, log }), log, metrics };
}

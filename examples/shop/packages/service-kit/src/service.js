import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { HttpError, createRouter, sendJson } from './router.js';

/**
 * An HTTP service with /healthz, /readyz and /metrics beside its own routes.
 * `route` of a handler is its label in the metrics; probes and scrapes are not counted as traffic.
 */
export function createService({ routes, metrics, log, isReady = () => true }) {
  const find = createRouter(routes);
  let draining = false;

  const builtIn = {
    '/healthz': (response) => sendJson(response, 200, { status: 'ok' }),
    '/readyz': (response) => {
      const ready = !draining && isReady();
      sendJson(response, ready ? 200 : 503, { status: ready ? 'ready' : draining ? 'draining' : 'starting' });
    },
    '/metrics': async (response) => {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'content-type': metrics.registry.contentType });
      response.end(text);
    },
  };

  const server = createServer(async (request, response) => {
    const path = new URL(request.url, 'http://shop').pathname;
    if (draining) response.setHeader('connection', 'close');
    if (Object.hasOwn(builtIn, path)) {
      await builtIn[path](response);
      return;
    }

    const start = process.hrtime.bigint();
    let route = 'unknown';
    response.once('close', () => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      metrics.observeRequest({ method: request.method, route, code: response.statusCode, seconds });
    });
    try {
      const found = find(request.method, path);
      route = found.route;
      await found.handle(request, response);
    } catch (error) {
      answerError(response, error, { method: request.method, path });
    }
  });
  // Longer than a gateway keeps an idle connection, so that it is never the service that hangs up mid-request.
  server.keepAliveTimeout = 75_000;

  function answerError(response, error, where) {
    const status = error instanceof HttpError ? error.status : 500;
    if (status >= 500) log.error(error.message, { ...where, status });
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { error: status === 500 ? 'internal error' : error.message });
  }

  return {
    server,
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => resolve(server.address()));
      }),
    /**
     * Leaves gracefully: not ready at once, still serving for `drainMs` while routers take note,
     * then no new connection; what is under way is finished, at most `graceMs` long.
     */
    async stop({ drainMs = 0, graceMs = 10_000 } = {}) {
      draining = true;
      await wait(drainMs);
      const closed = new Promise((resolve) => server.close(resolve));
      // A connection whose last request was under way becomes idle only later, so this is asked again and again.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      const cut = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
    },
    /** Stops on SIGTERM and SIGINT, then ends the process with 0. */
    stopOnSignals(options) {
      const leave = async (signal) => {
        log.info('stopping', { signal });
        await this.stop(options);
        process.exit(0);
      };
      process.once('SIGTERM', leave);
      process.once('SIGINT', leave);
    },
  };
}

import { createApp } from '../src/app.js';
import { readConfig } from '../src/config.js';

/** The backend on a free port, with its log lines kept. Payments always work unless `env` says otherwise. */
export async function start(env = {}, options = {}) {
  const lines = [];
  const config = readConfig({ PAYMENTS_FAILURE_RATE: '0', ...env });
  const app = createApp(config, { write: (line) => lines.push(JSON.parse(line)), ...options });
  const { port } = await app.service.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  return {
    ...app,
    lines,
    url,
    checkout: (body) =>
      fetch(`${url}/api/checkout`, {
        method: 'POST',
        body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      }),
    scrape: async () => (await fetch(`${url}/metrics`)).text(),
  };
}

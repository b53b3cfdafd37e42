import { expect } from 'chai';
import { createServer } from 'node:http';
import { createApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';

const quiet = { write: () => undefined };

async function start(env = {}) {
  const app = createApp(readConfig({ PORT: '0', ...env }), quiet);
  const { port } = await app.service.listen({ host: '127.0.0.1', port: 0 });
  return { ...app, url: `http://127.0.0.1:${port}` };
}

describe('frontend server', () => {
  let running;

  afterEach(() => running.service.stop());

  it('serves the page with its environment and version filled in', async () => {
    running = await start({ SHOP_ENVIRONMENT: 'staging', SHOP_VERSION: 'abc123' });
    const answer = await fetch(`${running.url}/`);
    const text = await answer.text();
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-security-policy')).to.contain("default-src 'self'");
    expect(text).to.contain('>staging<').and.to.contain('>abc123<');
  });

  it('serves scripts as scripts', async () => {
    running = await start();
    const answer = await fetch(`${running.url}/cart.js`);
    expect(answer.headers.get('content-type')).to.equal('text/javascript; charset=utf-8');
  });

  it('knows nothing outside its public folder', async () => {
    running = await start();
    for (const path of ['/../src/server.js', '/..%2fpackage.json', '/src/server.js', '/api/products'])
      expect((await fetch(running.url + path)).status, path).to.equal(404);
  });

  it('passes /api on where a backend is named, and says 502 when it is gone', async () => {
    const backend = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ path: request.url }));
    });
    await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));
    running = await start({ BACKEND_URL: `http://127.0.0.1:${backend.address().port}` });

    const answer = await fetch(`${running.url}/api/products`);
    expect(await answer.json()).to.deep.equal({ path: '/api/products' });

    await new Promise((resolve) => backend.close(resolve));
    expect((await fetch(`${running.url}/api/products`)).status).to.equal(502);
  });

  it('counts pages, not probes', async () => {
    running = await start();
    await fetch(`${running.url}/`);
    await fetch(`${running.url}/readyz`);
    const text = await (await fetch(`${running.url}/metrics`)).text();
    expect(text).to.contain('http_requests_total{method="GET",route="/",code="200"} 1');
    expect(text).not.to.contain('readyz');
  });
});

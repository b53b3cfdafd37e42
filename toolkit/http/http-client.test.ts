import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpFailure } from './http.ts';
import { httpClient } from './http-client.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const never = new AbortController().signal;
const get = (url: string) => ({ method: 'GET', url, headers: { authorization: 'Bearer t' } }) as const;

describe('httpClient', () => {
  it('sends headers and body, and gives status, headers and body back', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(418, { 'X-Seen': request.headers.authorization });
        response.end(`${request.method ?? ''} ${body}`);
      });
    });
    const answer = await httpClient({ timeoutMs: 5_000 }).send(
      { method: 'POST', url, headers: { authorization: 'Bearer t' }, body: 'query=up' },
      never,
    );
    expect(answer).toMatchObject({ status: 418, body: 'POST query=up', headers: { 'x-seen': 'Bearer t' } });
  });

  it('gives up on a server that does not answer in time', async () => {
    const url = await serve(() => undefined);
    await expect(httpClient({ timeoutMs: 50 }).send(get(url), never)).rejects.toThrow(
      'no answer within 0.05 s',
    );
  });

  it('gives up on a body that stops in the middle', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"status":');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(httpClient({ timeoutMs: 5_000 }).send(get(url), never)).rejects.toBeInstanceOf(HttpFailure);
  });

  it('gives up on a body that never ends', async () => {
    const url = await serve((_, response) => {
      response.write('{');
    });
    await expect(httpClient({ timeoutMs: 100 }).send(get(url), never)).rejects.toThrow('no answer within');
  });

  it('names the reason of a refused connection', async () => {
    const failure = httpClient({ timeoutMs: 1_000 }).send(get('http://127.0.0.1:1/'), never);
    await expect(failure).rejects.toThrow('ECONNREFUSED');
  });

  it('refuses an answer that is too large', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(2_000)));
    const client = httpClient({ timeoutMs: 5_000, maxBytes: 1_000 });
    await expect(client.send(get(url), never)).rejects.toThrow('larger than 1000 bytes');
  });

  it('does not follow redirects, so that credentials stay where they were sent', async () => {
    let elsewhere = 0;
    const other = await serve((_, response) => {
      elsewhere += 1;
      response.end();
    });
    const url = await serve((_, response) => response.writeHead(302, { location: other }).end());
    expect((await httpClient({ timeoutMs: 5_000 }).send(get(url), never)).status).toBe(302);
    expect(elsewhere).toBe(0);
  });

  it('rejects with the reason of a cancellation', async () => {
    const url = await serve(() => undefined);
    const controller = new AbortController();
    const sent = httpClient({ timeoutMs: 5_000 }).send(get(url), controller.signal);
    setTimeout(() => {
      controller.abort(new Error('stop now'));
    }, 20);
    await expect(sent).rejects.toThrow('stop now');
  });
});

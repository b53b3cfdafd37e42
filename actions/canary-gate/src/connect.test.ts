import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError } from '../../../toolkit/action/errors.ts';
import { fakeClock } from '../../../toolkit/clock/fake-clock.ts';
import { connect } from './connect.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/`;
}

function open(url: string, headers: Record<string, string> = {}) {
  const masked: string[] = [];
  const ports = {
    clock: fakeClock(1_000_000),
    signal: new AbortController().signal,
    mask: (secret: string) => masked.push(secret),
  };
  const prometheus = { url, headers, tls: undefined, timeoutMs: 2_000 };
  return { masked, connection: connect(ports, { prometheus }) };
}

const time = (seconds: number): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [seconds, String(seconds)] } });

describe('connect', () => {
  it("goes by the server's clock, however wrong the runner's is", async () => {
    const url = await serve((_, response) => response.end(time(1_060)));
    const { serverNowMs } = await open(url).connection;
    expect(serverNowMs()).toBe(1_060_000);
  });

  it('sends credentials to Prometheus under its prefix, masks them, and shows them to no other Loki', async () => {
    const seen: string[] = [];
    const url = await serve((request, response) => {
      seen.push(`${request.url ?? ''} ${request.headers.authorization ?? 'none'}`);
      response.end(
        request.url?.includes('loki')
          ? '{"status":"success","data":{"resultType":"matrix","result":[]}}'
          : time(1_000),
      );
    });
    const { connection, masked } = open(url, { authorization: 'Bearer secret-token' });
    const { sources } = await connection;
    expect(seen[0]).toBe('/prefix/api/v1/query?query=time%28%29 Bearer secret-token');
    expect(masked).toEqual(['Bearer secret-token']);
    const span = { fromMs: 15_000, toMs: 30_000, stepMs: 15_000 };
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    const never = new AbortController().signal;
    await sources.loki.counts(url, 'x', span, never);
    await sources.loki.counts(elsewhere, 'x', span, never).catch(() => undefined);
    expect(seen[1]).toContain('start=15000000000&end=30000000000&step=15s Bearer secret-token');
    expect(seen.slice(2).every((line) => line.endsWith(' none'))).toBe(true);
  });

  it.each<[string, RequestListener, string]>([
    ['a login page', (_, response) => response.end('<html>'), 'not a Prometheus API'],
    ['refused credentials', (_, response) => response.writeHead(401).end('no'), 'refuses the credentials'],
    ['a server that stays busy', (_, response) => response.writeHead(503).end('starting'), 'busy or down'],
  ])('ends with E_PROMETHEUS on %s', async (_, listener, text) => {
    const failure = await open(await serve(listener)).connection.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({ code: 'E_PROMETHEUS' });
    expect((failure as Error).message).toContain(text);
  });
});

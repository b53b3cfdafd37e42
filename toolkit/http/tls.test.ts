import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer, type Server as TlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { httpClient, type TlsMaterial } from './http-client.ts';

let folder = '';
let server: TlsServer;
let url = '';
const proxies: Server[] = [];
const never = new AbortController().signal;

/** A private authority, a server's and a client's certificate, made for this run. */
function makeCertificates(): void {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  );
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,DNS:prometheus.internal,IP:127.0.0.1');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signing = [
      '-CA',
      'ca.pem',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'names',
    ];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`);
  }
}

const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
const get = (tls?: TlsMaterial) =>
  httpClient({ timeoutMs: 5_000, ...(tls === undefined ? {} : { tls }) }).send(
    { method: 'GET', url, headers: {} },
    never,
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
  makeCertificates();
  server = createServer(
    {
      ...{ key: file('server.key'), cert: file('server.pem'), ca: file('ca.pem') },
      ...{ requestCert: true, rejectUnauthorized: false },
    },
    (request, response) => {
      const authorized = 'authorized' in request.socket && request.socket.authorized === true;
      response.end(authorized ? 'known client' : 'unknown client');
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `https://localhost:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  delete process.env.https_proxy;
  for (const proxy of proxies.splice(0)) proxy.close();
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('httpClient over TLS', () => {
  it('refuses a server whose authority it does not know', async () => {
    await expect(get()).rejects.toThrow(/self-signed|unable to (get|verify)/i);
  });

  it('trusts the given authority, and shows a client certificate where there is one', async () => {
    expect((await get({ ca: file('ca.pem') })).body).toBe('unknown client');
    const mutual = { ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') };
    expect((await get(mutual)).body).toBe('known client');
  });

  it('does both through a proxy too', async () => {
    const tunnels: string[] = [];
    const proxy = createProxy();
    proxies.push(proxy);
    proxy.on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      const upstream = connect(Number(new URL(url).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    process.env.https_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    // The proxy rules let loopback addresses pass; a name that only the proxy resolves goes through it.
    const through = url;
    url = through.replace('localhost', 'prometheus.internal');
    try {
      const mutual = { ca: file('ca.pem'), cert: file('client.pem'), key: file('client.key') };
      expect((await get(mutual)).body).toBe('known client');
      expect(tunnels).toEqual([`prometheus.internal:${new URL(url).port}`]);
    } finally {
      url = through;
    }
  });
});

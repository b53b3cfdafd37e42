/** A reverse proxy in front of the API server that answers some writes wrongly. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';

/**
 * A status, in the server's place; `slow`: no answer for some seconds and then a gateway's 504; `lost`: the server does
 * it, and the answer never comes.
 */
export type FaultKind = 409 | 429 | 500 | 'slow' | 'lost';

export interface Fault {
  readonly kind: FaultKind;
  /** Of writes only: `/leases/`, `/secrets` … */
  readonly path: RegExp;
  readonly times: number;
}

export interface FaultyApi {
  readonly kubeconfig: string;
  /** Begins now; the faults before it are over. */
  readonly begin: (fault: Fault) => void;
  /** How many requests it has met. */
  readonly met: () => number;
  readonly stop: () => Promise<void>;
}

const reasons: Readonly<Record<number, string>> = {
  409: 'Conflict',
  429: 'TooManyRequests',
  500: 'InternalError',
  504: 'Timeout',
};

export async function startFaultyApi(kubeconfigPath: string): Promise<FaultyApi> {
  const config = parse(readFileSync(kubeconfigPath, 'utf8')) as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
    users: { user: { token: string } }[];
  };
  const cluster = config.clusters[0]?.cluster;
  const token = config.users[0]?.user.token;
  if (cluster === undefined || token === undefined) throw new Error('the kubeconfig is not as expected');
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64');
  const upstream = new URL(cluster.server);
  let fault: Fault | undefined;
  let met = 0;

  const forward = (from: IncomingMessage, to: ServerResponse, isLost: boolean): void => {
    const options = { host: upstream.hostname, port: upstream.port, method: from.method, path: from.url, ca };
    const headers = { ...from.headers, host: upstream.host, authorization: `Bearer ${token}` };
    const out = request({ ...options, headers }, (answer) => {
      if (isLost) {
        answer.resume();
        answer.once('end', () => to.destroy());
        return;
      }
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    out.on('error', () => to.destroy());
    to.on('close', () => out.destroy());
    from.pipe(out);
  };

  const server = createServer((from, to) => {
    const isWrite = from.method !== 'GET' && !(from.url ?? '').includes('accessreviews');
    if (fault === undefined || !isWrite || !fault.path.test(from.url ?? '') || met >= fault.times) {
      forward(from, to, false);
      return;
    }
    met += 1;
    const { kind } = fault;
    if (kind === 'lost') forward(from, to, true);
    else void refuse(from, to, kind);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    kubeconfig: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'faulty',
      clusters: [{ name: 'faulty', cluster: { server: address } }],
      users: [{ name: 'faulty', user: { token } }],
      contexts: [{ name: 'faulty', context: { cluster: 'faulty', user: 'faulty' } }],
    }),
    begin: (next) => {
      fault = next;
      met = 0;
    },
    met: () => met,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function refuse(
  from: IncomingMessage,
  to: ServerResponse,
  kind: 409 | 429 | 500 | 'slow',
): Promise<void> {
  from.resume();
  if (kind === 'slow') await sleep(3_000);
  const code = kind === 'slow' ? 504 : kind;
  to.writeHead(code, { 'content-type': 'application/json', ...(code === 429 ? { 'retry-after': '1' } : {}) });
  to.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `the test says ${code}`,
      reason: reasons[code],
      code,
    }),
  );
}

import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';

export interface LogRequest {
  /** Path below the folder of all pods' logs. */
  readonly file: string;
  readonly tailLines: number | undefined;
  readonly follow: boolean;
}

/** What `/containerLogs/<namespace>/<pod>/<container>?…` asks for; undefined for every other path. */
export function parseLogRequest(url: string): LogRequest | undefined {
  const { pathname, searchParams } = new URL(url, 'https://kubelet.invalid');
  const match = /^\/containerLogs\/([a-z0-9.-]+)\/([a-z0-9.-]+)\/([a-z0-9.-]+)$/.exec(pathname);
  const [, namespace, pod, container] = match ?? [];
  if (namespace === undefined || pod === undefined || container === undefined) return undefined;
  if ([namespace, pod, container].includes('..')) return undefined;
  const tail = Number(searchParams.get('tailLines') ?? NaN);
  const suffix = searchParams.get('previous') === 'true' ? '.previous.log' : '.log';
  return {
    file: join(namespace, pod, `${container}${suffix}`),
    tailLines: Number.isInteger(tail) ? tail : undefined,
    follow: searchParams.get('follow') === 'true',
  };
}

/** The last `count` lines of a text, all of it when undefined. */
export function lastLines(text: string, count: number | undefined): string {
  if (count === undefined) return text;
  if (count === 0) return '';
  const lines = text.split('\n');
  const ended = lines.at(-1) === '';
  return lines.slice(-(count + (ended ? 1 : 0))).join('\n');
}

/**
 * Answers the one kubelet call `kubectl logs` needs. The API server does not check kubelets' certificates by default, so
 * its own serves. A simulated pod has no log: its answer is empty.
 */
export function startLogServer(options: {
  readonly host: string;
  readonly port: number;
  readonly certificate: string;
  readonly key: string;
  /** Folder with `<namespace>/<pod>/<container>.log`. */
  readonly logs: string;
}): Promise<Server> {
  const server = createServer({ cert: options.certificate, key: options.key }, (request, response) => {
    const asked = parseLogRequest(request.url ?? '/');
    if (asked === undefined) {
      response.writeHead(404).end();
      return;
    }
    const file = join(options.logs, asked.file);
    if (file.endsWith('.previous.log') && !existsSync(file)) {
      response.writeHead(400).end('previous terminated container not found');
      return;
    }
    const text = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write(lastLines(text.toString('utf8'), asked.tailLines));
    if (asked.follow) follow(file, text.length, response);
    else response.end();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      resolve(server);
    });
  });
}

/** Sends what is appended until the reader goes away. */
function follow(file: string, from: number, response: ServerResponse): void {
  let at = from;
  const timer = setInterval(() => {
    if (!existsSync(file)) return;
    const { size } = statSync(file);
    // A restart begins a new file.
    if (size < at) at = 0;
    if (size === at) return;
    const chunk = Buffer.alloc(size - at);
    const descriptor = openSync(file, 'r');
    at += readSync(descriptor, chunk, 0, chunk.length, at);
    closeSync(descriptor);
    response.write(chunk);
  }, 300);
  response.once('close', () => {
    clearInterval(timer);
  });
}

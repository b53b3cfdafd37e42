import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { ApiError } from '../../toolkit/action/errors.ts';

export interface KubeAccess {
  /** `https://host:port` */
  readonly server: string;
  /** PEM of the certificate authority that signed the server's certificate. */
  readonly ca: string;
  readonly token: string;
}

/** The few calls the rig makes, as JSON over the API server's own paths (`/api/v1/…`, `/apis/…`). */
export interface KubeClient {
  /** True when the server's own readiness check passes. */
  isReady(): Promise<boolean>;
  /** The object, or undefined when there is none. */
  get<T>(path: string): Promise<T | undefined>;
  /** Creates it; an object that exists already is left as it is. */
  create(path: string, body: unknown): Promise<void>;
  /** Server-side apply with the rig's field manager, taking over conflicting fields. */
  apply(path: string, body: unknown): Promise<void>;
  /** The same with a document as it is written. */
  applyYaml(path: string, text: string): Promise<void>;
  mergePatch(path: string, body: unknown): Promise<void>;
  /** Deletes it; quiet when it is gone. */
  delete(path: string, options?: unknown): Promise<void>;
  /** Opens a stream of newline-separated JSON; ends with the signal. */
  stream(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void>;
}

const fieldManager = 'gated-delivery-rig';

export function kubeClient(access: KubeAccess): KubeClient {
  const { hostname, port } = new URL(access.server);
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca: access.ca });
  const headers = { authorization: `Bearer ${access.token}`, accept: 'application/json' };

  const open = (
    options: Omit<RequestOptions, 'headers'> & { readonly headers?: Record<string, string> },
    body?: string,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = httpsRequest({
        hostname,
        port,
        agent,
        ...options,
        headers: { ...headers, ...options.headers },
      });
      request.once('response', resolve);
      request.once('error', reject);
      request.end(body);
    });

  const send = async (
    method: string,
    path: string,
    body?: unknown,
    type = 'application/json',
  ): Promise<{ status: number; text: string }> => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    // Node sends the body of a DELETE without saying how long it is unless told to.
    const length = text === undefined ? undefined : String(Buffer.byteLength(text));
    const headers = length === undefined ? {} : { 'content-type': type, 'content-length': length };
    const response = await open({ method, path, headers }, text);
    return { status: response.statusCode ?? 0, text: await readAll(response) };
  };

  const expectOk = (what: string, answer: { status: number; text: string }, tolerated: number): void => {
    if (answer.status < 300 || answer.status === tolerated) return;
    throw new ApiError('E_BUG', `${what}: ${messageOf(answer.text)}`, { status: answer.status });
  };

  const applyText = async (path: string, text: string): Promise<void> => {
    const target = `${path}?fieldManager=${fieldManager}&force=true`;
    expectOk(`PATCH ${path}`, await send('PATCH', target, text, 'application/apply-patch+yaml'), 0);
  };

  return {
    isReady: async () => (await send('GET', '/readyz')).status === 200,
    async get<T>(path: string) {
      const answer = await send('GET', path);
      if (answer.status === 404) return undefined;
      expectOk(`GET ${path}`, answer, 0);
      return JSON.parse(answer.text) as T;
    },
    async create(path, body) {
      expectOk(`POST ${path}`, await send('POST', path, body), 409);
    },
    apply: (path, body) => applyText(path, JSON.stringify(body)),
    applyYaml: applyText,
    async mergePatch(path, body) {
      expectOk(`PATCH ${path}`, await send('PATCH', path, body, 'application/merge-patch+json'), 0);
    },
    async delete(path, options) {
      expectOk(`DELETE ${path}`, await send('DELETE', path, options), 404);
    },
    async stream(path, onLine, signal) {
      const response = await open({ method: 'GET', path, signal, agent: false, ca: access.ca });
      if (response.statusCode !== 200) {
        throw new ApiError('E_BUG', `GET ${path}`, { status: response.statusCode ?? 0 });
      }
      let rest = '';
      response.setEncoding('utf8');
      for await (const chunk of response) {
        const lines = (rest + String(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') onLine(line);
      }
    },
  };
}

async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return text;
}

function messageOf(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}

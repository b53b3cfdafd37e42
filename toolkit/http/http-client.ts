import type { IncomingMessage, RequestOptions } from 'node:http';
import type { Agent } from 'node:https';
import { HttpClient } from '@actions/http-client';
import type { RequestHandler } from '@actions/http-client/lib/interfaces';
import { HttpFailure, type HttpAnswer, type HttpPort } from './http.ts';

/** PEM texts; `cert` and `key` together make mutual TLS. */
export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface HttpClientOptions {
  readonly timeoutMs: number;
  readonly tls?: TlsMaterial;
  /** A larger answer is refused rather than held in memory. Default 256 MiB. */
  readonly maxBytes?: number;
}

/**
 * HTTP through `@actions/http-client`, which obeys `https_proxy` and `no_proxy` (global fetch does not). Redirects
 * are not followed: a Prometheus that redirects is a login page, and credentials would travel with the request.
 */
export function httpClient(options: HttpClientOptions): HttpPort {
  const maxBytes = options.maxBytes ?? 256 * 1024 * 1024;
  return {
    send: async (request, signal) => {
      signal.throwIfAborted();
      const timeout = AbortSignal.timeout(options.timeoutMs);
      const either = AbortSignal.any([signal, timeout]);
      const client = new HttpClient('gated-delivery', [applying(options.tls, either)], {
        allowRedirects: false,
        allowRetries: false,
        socketTimeout: options.timeoutMs,
      });
      try {
        const response = await client.request(request.method, request.url, request.body ?? null, {
          ...request.headers,
        });
        return await readAnswer(response.message, maxBytes, either);
      } catch (error) {
        if (signal.aborted) throw abortReason(signal);
        if (timeout.aborted)
          throw new HttpFailure(`no answer within ${options.timeoutMs / 1000} s`, { cause: error });
        if (error instanceof HttpFailure) throw error;
        throw new HttpFailure(describe(error), { cause: error });
      } finally {
        client.dispose();
      }
    },
  };
}

function applying(tls: TlsMaterial | undefined, signal: AbortSignal): RequestHandler {
  return {
    prepareRequest: (options: RequestOptions) => {
      options.signal = signal;
      // A tunnel through a proxy reads TLS settings from its agent, not from the request: set both.
      const agent = options.agent as (Agent & { options: object }) | undefined;
      if (tls !== undefined) {
        Object.assign(options, tls);
        if (agent !== undefined) Object.assign(agent.options, tls);
      }
    },
    canHandleAuthentication: () => false,
    handleAuthentication: () => Promise.reject(new Error('no authentication handler')),
  };
}

function readAnswer(message: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const fail = (text: string): void => {
      message.destroy();
      reject(new HttpFailure(text));
    };
    signal.addEventListener(
      'abort',
      () => {
        fail('aborted');
      },
      { once: true },
    );
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) fail(`the answer is larger than ${maxBytes} bytes`);
      else chunks.push(chunk);
    });
    message.on('error', (error) => {
      fail(describe(error));
    });
    // `end` comes only for a whole body; a connection cut in the middle closes without it.
    message.on('close', () => {
      fail('the connection was cut in the middle of the answer');
    });
    message.on('end', () => {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(message.headers))
        headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
      resolve({ status: message.statusCode ?? 0, headers, body: Buffer.concat(chunks).toString('utf8') });
    });
  });
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map((one) => describe(one)).join('; ');
  return code === undefined || error.message.includes(code) ? error.message : `${code}: ${error.message}`;
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('aborted');
}

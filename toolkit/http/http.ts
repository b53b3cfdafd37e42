/** One answer of a server, whatever its status. Header names are lower case. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Sends one request. Resolves with any status; rejects with `HttpFailure` when no whole answer came, and with
 * the signal's reason when cancelled.
 */
export interface HttpPort {
  readonly send: (request: HttpRequest, signal: AbortSignal) => Promise<HttpAnswer>;
}

/** No whole answer: refused, reset, timed out, cut off, too large, or a certificate that is not trusted. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';
}

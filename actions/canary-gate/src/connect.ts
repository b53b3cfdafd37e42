import { ApiError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { httpClient } from '../../../toolkit/http/http-client.ts';
import { retrying } from '../../../toolkit/http/retry.ts';
import { httpLoki } from '../../../toolkit/prometheus/loki.ts';
import { httpPrometheus } from '../../../toolkit/prometheus/http-prometheus.ts';
import { inChunks } from '../../../toolkit/prometheus/in-chunks.ts';
import { QueryFailure } from '../../../toolkit/prometheus/prometheus.ts';
import type { Sources } from './fetch-samples.ts';
import type { Inputs } from './inputs.ts';

export interface Connection {
  readonly sources: Sources;
  /** Now, by the server's clock: samples are stamped by it, and runners' clocks may be a minute off. */
  readonly serverNowMs: () => number;
}

/**
 * Makes the Prometheus port and asks it for its time. Throws an `E_PROMETHEUS` ApiError when nothing usable answers:
 * then nothing was watched and nothing is changed.
 */
export async function connect(
  { clock, signal, mask }: Pick<ActionPorts, 'clock' | 'signal' | 'mask'>,
  { prometheus: settings }: Pick<Inputs, 'prometheus'>,
): Promise<Connection> {
  for (const value of Object.values(settings.headers)) mask(value);
  const client = httpClient({
    timeoutMs: settings.timeoutMs,
    ...(settings.tls === undefined ? {} : { tls: settings.tls }),
  });
  const retries = { attempts: 4, firstDelayMs: 500, maxDelayMs: 10_000, maxRetryAfterMs: 60_000 };
  const http = retrying(client, clock, retries);
  const prometheus = inChunks(httpPrometheus(http, settings.url, settings.headers));
  // Credentials of Prometheus are shown to Loki only where both are behind one address.
  const { origin } = new URL(settings.url);
  const loki = httpLoki(http, (url) => (new URL(url).origin === origin ? settings.headers : {}));
  try {
    const askedMs = clock.now();
    const serverMs = await prometheus.serverTime(signal);
    const skewMs = serverMs - (askedMs + clock.now()) / 2;
    return { sources: { prometheus, loki }, serverNowMs: () => clock.now() + skewMs };
  } catch (error) {
    if (!(error instanceof QueryFailure)) throw error;
    const status = 'status' in error.problem ? error.problem.status : 0;
    throw new ApiError('E_PROMETHEUS', error.message, { status }, { cause: error });
  }
}

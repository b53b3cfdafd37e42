import type { Clock } from '../clock/clock.ts';
import { HttpFailure, type HttpAnswer, type HttpPort, type HttpRequest } from './http.ts';

export interface RetryOptions {
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** Longest wait of our own choice. */
  readonly maxDelayMs: number;
  /** Longest wait that a `Retry-After` can ask for: what waits has a deadline of its own. */
  readonly maxRetryAfterMs: number;
}

/** Statuses after which the same request may succeed a little later. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Milliseconds to wait before the next attempt (0-based `attempt` just failed), or undefined when retrying is
 * pointless. `Retry-After` is obeyed in both its forms, seconds and HTTP date (RFC 9110 §10.2.3).
 */
export function retryDelay(
  outcome: HttpAnswer | HttpFailure,
  attempt: number,
  options: RetryOptions,
  now: number,
): number | undefined {
  if (attempt + 1 >= options.attempts) return undefined;
  const backOff = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** attempt);
  if (outcome instanceof HttpFailure) return backOff;
  if (!passing.has(outcome.status)) return undefined;
  const asked = retryAfter(outcome.headers['retry-after'], now);
  if (asked === undefined) return backOff;
  return Math.max(backOff, Math.min(options.maxRetryAfterMs, asked));
}

function retryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Wraps a port so that passing failures are tried again; the last outcome is given on as it is. */
export function retrying(http: HttpPort, clock: Clock, options: RetryOptions): HttpPort {
  return {
    send: async (request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> => {
      for (let attempt = 0; ; attempt += 1) {
        let outcome: HttpAnswer | HttpFailure;
        try {
          outcome = await http.send(request, signal);
        } catch (error) {
          if (!(error instanceof HttpFailure)) throw error;
          outcome = error;
        }
        const delay = retryDelay(outcome, attempt, options, clock.now());
        if (delay !== undefined) {
          await clock.sleep(delay, signal);
          continue;
        }
        if (outcome instanceof HttpFailure) throw outcome;
        return outcome;
      }
    },
  };
}

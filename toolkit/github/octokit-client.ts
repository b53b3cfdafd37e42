import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import Bottleneck from 'bottleneck/light.js';
import type { Log } from '../action/log.ts';

export interface ClientOptions {
  readonly token: string;
  /** `GITHUB_API_URL`. */
  readonly apiUrl: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Milliseconds of one second of waiting; tests make it short. */
  readonly secondMs?: number;
  /** Milliseconds one request may take; default 30,000. */
  readonly timeoutMs?: number;
}

export type Octokit = ReturnType<typeof getOctokit>;

/** A longer wait is the user's decision: the run would only look stuck. */
const longestWaitSeconds = 90;
const limitRetries = 2;

/**
 * One write at a time, four a second at most: a run makes a handful of them. The plugin's own pace (one a second, one
 * comment in three) is meant for programs that write all day; should GitHub ask for less, its limit answers are obeyed.
 */
function writePace(secondMs: number): Bottleneck.Group {
  return new Bottleneck.Group({ maxConcurrent: 1, minTime: secondMs / 4 });
}

/** Answers that another try does not change; 403 and 429 are the throttling plugin's. */
const final = [400, 401, 403, 404, 409, 410, 413, 422, 429, 451];

/** octokit that repeats failed requests, waits out limits, honours proxies and stops when the signal says so. */
export function createClient(options: ClientOptions): Octokit {
  const { log, secondMs = 1_000, timeoutMs = 30_000 } = options;
  const onLimit = (kind: string) => (seconds: number, request: object, _: unknown, retries: number) => {
    const again = retries < limitRetries && seconds <= longestWaitSeconds;
    const { method = '', url = '' } = request as { method?: string; url?: string };
    log.warning(
      `GitHub's ${kind} limit at ${method} ${url}: ${again ? `waiting ${seconds} s` : 'giving up'}`,
    );
    return again;
  };
  const pace = writePace(secondMs);
  const debug = (message: string): void => {
    log.debug(message);
  };
  const octokit = getOctokit(
    options.token,
    {
      baseUrl: options.apiUrl,
      retry: { doNotRetry: final, retryAfterBaseValue: secondMs },
      throttle: {
        retryAfterBaseValue: secondMs,
        write: pace,
        notifications: pace,
        onRateLimit: onLimit('rate'),
        onSecondaryRateLimit: onLimit('secondary rate'),
      },
      // octokit's own words go to the debug log: errors are told once, by those who catch them.
      log: { debug, info: debug, warn: debug, error: debug },
    },
    retry,
    throttling,
  );
  octokit.hook.before('request', (request) => {
    request.request.signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
  });
  return octokit;
}

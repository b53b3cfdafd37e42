import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '../clock/fake-clock.ts';
import { HttpFailure, type HttpAnswer, type HttpPort } from './http.ts';
import { retryDelay, retrying } from './retry.ts';

const options = { attempts: 4, firstDelayMs: 500, maxDelayMs: 10_000, maxRetryAfterMs: 60_000 };
const answer = (status: number, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body: '',
});
const request = { method: 'GET', url: 'http://x/', headers: {} } as const;
const never = new AbortController().signal;

function scripted(outcomes: (HttpAnswer | HttpFailure)[]): HttpPort & { sent: () => number } {
  let sent = 0;
  return {
    sent: () => sent,
    send: async () => {
      const outcome = outcomes[sent] ?? answer(200);
      sent += 1;
      if (outcome instanceof HttpFailure) throw outcome;
      return outcome;
    },
  };
}

describe('retryDelay', () => {
  it.each([
    ['doubles for each attempt', answer(503), 2, 2_000],
    ['obeys Retry-After in seconds', answer(429, { 'retry-after': '7' }), 0, 7_000],
    [
      'obeys Retry-After as a date',
      answer(503, { 'retry-after': 'Thu, 01 Jan 1970 00:00:05 GMT' }),
      0,
      4_000,
    ],
    [
      'obeys a Retry-After that is longer than any wait of its own',
      answer(429, { 'retry-after': '45' }),
      0,
      45_000,
    ],
    ['never obeys it beyond its cap', answer(429, { 'retry-after': '3600' }), 0, 60_000],
    ['never waits longer than the cap by itself', answer(503), 5, 10_000, { ...options, attempts: 9 }],
    ['ignores a Retry-After it cannot read', answer(429, { 'retry-after': 'soon' }), 0, 500],
    ['tries a broken connection again', new HttpFailure('reset'), 0, 500],
    ['takes success as it is', answer(200), 0, undefined],
    ['takes a refusal as it is', answer(401), 0, undefined],
    ['ends after the last attempt', answer(503), 3, undefined],
  ])('%s', (_, outcome, attempt, expected, given = options) => {
    expect(retryDelay(outcome, attempt, given, 1_000)).toBe(expected);
  });
});

describe('retrying', () => {
  it('gives the first good answer', async () => {
    const clock = fakeClock();
    const inner = scripted([answer(503), new HttpFailure('reset'), answer(200)]);
    expect((await retrying(inner, clock, options).send(request, never)).status).toBe(200);
    expect(clock.slept).toEqual([500, 1_000]);
  });

  it('gives the last bad answer or failure as it was', async () => {
    const inner = scripted([1, 2, 3, 4, 5].map(() => answer(503)));
    expect((await retrying(inner, fakeClock(), options).send(request, never)).status).toBe(503);
    expect(inner.sent()).toBe(4);
    const broken = scripted([1, 2, 3, 4, 5].map(() => new HttpFailure('reset')));
    await expect(retrying(broken, fakeClock(), options).send(request, never)).rejects.toThrow('reset');
  });
});

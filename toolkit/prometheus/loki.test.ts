import { describe, expect, it } from '@jest/globals';
import type { HttpAnswer, HttpPort } from '../http/http.ts';
import { httpLoki } from './loki.ts';

const never = new AbortController().signal;
const stepMs = 15_000;

function answering(answer: (parameters: URLSearchParams) => Partial<HttpAnswer>): HttpPort {
  return {
    send: async ({ url }) => ({ status: 200, headers: {}, body: '', ...answer(new URL(url).searchParams) }),
  };
}

/** Lines that were logged at these times, and a server that evaluates `count_over_time` as Loki does. */
function loki(lines: readonly number[], { aligning }: { aligning: boolean }): HttpPort {
  return answering((parameters) => {
    const [start, end] = ['start', 'end'].map((name) => Number(parameters.get(name)) / 1e6);
    let [from = NaN, to = NaN] = [start, end];
    if (aligning) {
      from -= from % stepMs;
      to = Math.ceil(to / stepMs) * stepMs;
      // No step lies between the two: the frontend makes no query of it.
      if (from === to) return { body: matrix([]) };
    }
    const values: [number, string][] = [];
    for (let at = from; at <= to; at += stepMs) {
      const count = lines.filter((time) => time > at - stepMs && time <= at).length;
      if (count > 0) values.push([at / 1000, String(count)]);
    }
    return { body: matrix(values.length === 0 ? [] : [{ metric: {}, values }]) };
  });
}

function matrix(result: readonly unknown[]): string {
  return JSON.stringify({
    status: 'success',
    data: { resultType: 'matrix', result, stats: { summary: {} } },
  });
}

/** Sums what the gate's looks take, each in a query of its own. */
async function countByLooks(http: HttpPort, sinceMs: number, looks: number): Promise<number> {
  const port = httpLoki(http, () => ({}));
  let count = 0;
  for (let look = 0; look < looks; look += 1) {
    const fromMs = sinceMs + look * stepMs;
    const span = { fromMs, toMs: fromMs + stepMs, stepMs };
    for (const { samples } of await port.counts('http://loki:3100', 'x', span, never))
      for (const [time, value] of samples) if (time > fromMs && time <= span.toMs) count += value;
  }
  return count;
}

describe('httpLoki', () => {
  it.each([
    ['that evaluates where it is asked to, on whole steps', false, 1_800_000_000_000],
    ['that evaluates where it is asked to, between steps', false, 1_800_000_004_321],
    ['that moves steps, asked on whole steps', true, 1_800_000_000_000],
    ['that moves steps, asked between steps', true, 1_800_000_004_321],
  ])('counts each line once on a server %s', async (_, aligning, sinceMs) => {
    const lines = Array.from({ length: 100 }, (__, index) => sinceMs + 30_000 + index * 400);
    expect(await countByLooks(loki(lines, { aligning }), sinceMs, 8)).toBe(100);
  });

  it.each([
    ['unreadable LogQL', 400, 'parse error at line 1, col 5', 'Loki: parse error at line 1, col 5'],
    ['too many requests', 429, 'too many outstanding requests', 'Loki: too many outstanding requests'],
    ['no tenant', 401, 'no org id', 'Loki: no org id'],
  ])('says that it is Loki that answers with %s', async (_, status, body, text) => {
    const port = httpLoki(
      answering(() => ({ status, body })),
      () => ({}),
    );
    const span = { fromMs: 15_000, toMs: 30_000, stepMs };
    await expect(port.counts('http://loki:3100', 'x', span, never)).rejects.toThrow(text);
  });
});

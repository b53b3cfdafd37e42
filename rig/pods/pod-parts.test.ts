import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pullDelay, restartDelay } from './backoff.ts';
import { lastLines, parseLogRequest } from './log-server.ts';
import { podAddresses } from './pod-addresses.ts';
import { runProbe, tryProbe, type ProbeTarget } from './probe.ts';
import { parseQuantity } from './quantity.ts';

describe('back-off', () => {
  it('starts with none, doubles, and ends at a minute', () => {
    expect([0, 1, 2, 3, 20].map((restarts) => restartDelay(restarts, 0))).toEqual([0, 2e3, 4e3, 8e3, 60e3]);
  });

  it('forgets the past after a long run', () => {
    expect(restartDelay(9, 600_001)).toBe(0);
  });

  it('asks for a missing image ever less often', () => {
    expect([1, 2, 3, 9].map(pullDelay)).toEqual([1e3, 2e3, 4e3, 15e3]);
  });
});

describe('quantities', () => {
  it.each([
    ['256Mi', 268_435_456],
    ['1G', 1e9],
    ['500m', 0.5],
    ['128', 128],
    ['1.5Gi', 1_610_612_736],
    ['2e3', 2_000],
  ])('%s', (text, value) => {
    expect(parseQuantity(text)).toBe(value);
  });

  it.each(['', 'Mi', '1X', '-1', '1 Mi'])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});

describe('pod addresses', () => {
  it('are in the upper half of the network and never shared', () => {
    const addresses = podAddresses('127.70');
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 600 }), (steps) => {
        const held = new Map<string, string>();
        steps.forEach((take, i) => {
          const [oldest] = held.keys();
          if (take || oldest === undefined) {
            const address = addresses.take(`pod-${i}`);
            expect(address).toMatch(
              /^127\.70\.(12[89]|1[3-9]\d|2[0-4]\d|25[0-4])\.([1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-4])$/,
            );
            expect([...held.values()]).not.toContain(address);
            held.set(`pod-${i}`, address);
          } else {
            addresses.giveBack(oldest);
            held.delete(oldest);
          }
        });
        for (const uid of held.keys()) addresses.giveBack(uid);
      }),
      { numRuns: 20 },
    );
  });
});

describe('kubelet log calls', () => {
  it('name a file below the logs folder', () => {
    expect(parseLogRequest('/containerLogs/shop/pod-1/app?tailLines=3&follow=true')).toEqual({
      ...{ file: 'shop/pod-1/app.log', tailLines: 3, follow: true },
    });
    expect(parseLogRequest('/containerLogs/shop/pod-1/app?previous=true')?.file).toBe(
      'shop/pod-1/app.previous.log',
    );
  });

  it.each(['/', '/exec/shop/pod-1/app', '/containerLogs/shop/../app', '/containerLogs/shop/%2e%2e/app'])(
    'refuse %s',
    (url) => {
      expect(parseLogRequest(url)).toBeUndefined();
    },
  );

  it('can ask for the last lines', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc\n');
    expect(lastLines('a\nb\nc', 2)).toBe('b\nc');
    expect(lastLines('a\n', undefined)).toBe('a\n');
    expect(lastLines('a\n', 0)).toBe('');
  });
});

describe('probes', () => {
  const statuses: number[] = [];
  const server = createServer((_, response) => {
    response.statusCode = statuses.shift() ?? 200;
    response.end();
  });
  let target: ProbeTarget;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const ports = [{ name: 'http', containerPort: (server.address() as AddressInfo).port }];
    const container = { name: 'app', image: 'app', ports };
    target = { podIP: '127.0.0.1', container, cwd: '/', env: { PATH: process.env.PATH ?? '' } };
  });
  afterAll(() => {
    server.close();
  });

  it('ask by HTTP at a named port; 200 to 399 is healthy', async () => {
    const probe = { httpGet: { path: '/healthz', port: 'http' } };
    statuses.push(204, 302, 404);
    expect((await tryProbe(probe, 1_000, target)).ok).toBe(true);
    expect((await tryProbe(probe, 1_000, target)).ok).toBe(true);
    expect(await tryProbe(probe, 1_000, target)).toEqual({
      ok: false,
      message: 'HTTP probe failed with statuscode: 404',
    });
  });

  it('connect by TCP and run programs', async () => {
    expect((await tryProbe({ tcpSocket: { port: 'http' } }, 1_000, target)).ok).toBe(true);
    expect((await tryProbe({ tcpSocket: { port: 1 } }, 1_000, target)).ok).toBe(false);
    expect((await tryProbe({ exec: { command: ['true'] } }, 1_000, target)).ok).toBe(true);
    expect((await tryProbe({ exec: { command: ['false'] } }, 1_000, target)).ok).toBe(false);
  });

  it('tell a change only after enough answers in a row', async () => {
    statuses.push(200, 500, 200, 500, 500, 500, 200);
    const verdicts: boolean[] = [];
    const stop = new AbortController();
    const probe = { httpGet: { port: 'http' }, periodSeconds: 0.005, failureThreshold: 3 };
    await runProbe(
      probe,
      target,
      ({ ok }) => {
        verdicts.push(ok);
        if (verdicts.length === 3) stop.abort();
      },
      stop.signal,
    );
    expect(verdicts).toEqual([true, false, true]);
    expect(statuses).toEqual([]);
  });
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addCounts, lanesFor } from './load.ts';
import { startLoad } from './start-load.ts';

describe('sharing the rate', () => {
  it('adds up to the rate, in up to ten even lanes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), (rps) => {
        const lanes = lanesFor(rps);
        expect(lanes.reduce((sum, rate) => sum + rate, 0)).toBe(rps);
        expect(lanes.length).toBeLessThanOrEqual(10);
        expect(Math.max(...lanes) - Math.min(...lanes)).toBeLessThanOrEqual(1);
        expect(Math.min(...lanes)).toBeGreaterThan(0);
      }),
    );
  });

  it('adds counts by status', () => {
    expect(addCounts({ '200': 1, '500': 2 }, { '200': 3, error: 1 })).toEqual({
      '200': 4,
      '500': 2,
      error: 1,
    });
  });
});

describe('the load generator', () => {
  it('sends what it is told and counts what the server answered', async () => {
    const seen: Record<string, number> = {};
    const hosts = new Set<string | undefined>();
    const server = createServer((request, response) => {
      const status = request.method === 'POST' ? 500 : 200;
      hosts.add(request.headers.host);
      seen[status] = (seen[status] ?? 0) + 1;
      response.statusCode = status;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const load = await startLoad({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      rps: 50,
      paths: ['/products', { method: 'POST', path: '/checkout', body: '{}' }],
      headers: { host: 'shop.example.com' },
    });
    while ((seen['500'] ?? 0) < 20) await new Promise((resolve) => setTimeout(resolve, 20));
    const { sent, byStatus } = await load.stop();
    server.close();
    expect([...hosts]).toEqual(['shop.example.com']);
    expect(sent).toBe((byStatus['200'] ?? 0) + (byStatus['500'] ?? 0));
    // What was under way when it stopped may be missing, more may not.
    expect(byStatus['500']).toBeGreaterThanOrEqual(10);
    expect(byStatus['500']).toBeLessThanOrEqual(seen['500'] ?? 0);
  });

  it('refuses addresses outside of this machine', async () => {
    const elsewhere = { url: 'http://192.0.2.1', rps: 1, paths: ['/'] };
    await expect(startLoad(elsewhere)).rejects.toThrow('not a loopback address');
  });
});

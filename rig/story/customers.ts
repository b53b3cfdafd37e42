import { setTimeout as sleep } from 'node:timers/promises';
import { startLoad, type Load, type LoadResult } from '../load/start-load.ts';

/** Customers who check out at a constant rate, through the gateway. */
export function startCheckouts(gatewayUrl: string, rps: number): Promise<Load> {
  return startLoad({
    url: gatewayUrl,
    rps,
    paths: [{ method: 'POST', path: '/api/checkout', body: '{"items":[{"id":"cup","quantity":1}]}' }],
    headers: { host: 'shop.example.com', 'content-type': 'application/json' },
  });
}

/**
 * At the base rate of 0.1 % the limit is almost five standard deviations away; were the bad canary still to get its
 * 10 % of the traffic, the rate would be 0.39 %.
 */
const measured = { requests: 12_000, rps: 800, limit: 0.0024 };

/** Whether checkouts of their own fail at the base rate, and how many were needed to say so. */
export async function measureBaseRate(
  gatewayUrl: string,
  signal: AbortSignal,
): Promise<{ readonly isBase: boolean; readonly found: string }> {
  const probe = await startCheckouts(gatewayUrl, measured.rps);
  try {
    await sleep((measured.requests / measured.rps) * 1_000, undefined, { signal });
  } finally {
    await probe.stop();
  }
  const result = await probe.stop();
  const rate = errorRate(result);
  return {
    isBase: result.sent >= measured.requests * 0.9 && rate < measured.limit,
    found: `${(rate * 100).toFixed(2)} % of ${result.sent}`,
  };
}

function errorRate({ sent, byStatus }: LoadResult): number {
  const failed = Object.entries(byStatus).reduce(
    (sum, [status, count]) => (status >= '500' ? sum + count : sum),
    0,
  );
  return sent === 0 ? 1 : failed / sent;
}

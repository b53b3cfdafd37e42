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
const measured = { requests: 12_000, rps: 600, limit: 0.0024, rounds: 6 };

/** Whether checkouts fail at the base rate, and what was seen. A machine that is too busy for the rate takes longer. */
export async function measureBaseRate(
  gatewayUrl: string,
  signal: AbortSignal,
): Promise<{ readonly isBase: boolean; readonly found: string }> {
  let sent = 0;
  const byStatus: Record<string, number> = {};
  for (let round = 0; round < measured.rounds && sent < 0.95 * measured.requests; round += 1) {
    const result = await checkoutsFor((measured.requests - sent) / measured.rps, gatewayUrl, signal);
    sent += result.sent;
    for (const [status, count] of Object.entries(result.byStatus))
      byStatus[status] = (byStatus[status] ?? 0) + count;
  }
  const rate = failed(byStatus) / Math.max(1, sent);
  return {
    isBase: sent >= 0.95 * measured.requests && rate < measured.limit,
    found: `${(rate * 100).toFixed(2)} % of ${sent}, by status ${JSON.stringify(byStatus)}`,
  };
}

async function checkoutsFor(seconds: number, gatewayUrl: string, signal: AbortSignal): Promise<LoadResult> {
  const probe = await startCheckouts(gatewayUrl, measured.rps);
  try {
    await sleep(seconds * 1_000, undefined, { signal });
  } finally {
    await probe.stop();
  }
  return probe.stop();
}

function failed(byStatus: LoadResult['byStatus']): number {
  return Object.entries(byStatus).reduce((sum, [status, count]) => (status >= '500' ? sum + count : sum), 0);
}

import { request } from 'node:http';
import { rig } from './rig.ts';

/** One request through the gateway to a host: what answered. */
export function askGateway(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(rig().gatewayUrl, { headers: { host } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        resolve(response.statusCode === 200 ? text : `status ${response.statusCode ?? 0}`);
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Sends requests one after the other and counts who answered. */
export async function answersOf(host: string, count: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < count; i += 1) {
    const text = await askGateway(host);
    counts[text] = (counts[text] ?? 0) + 1;
  }
  return counts;
}

/** How far a fair split of `count` requests may be from its mean: six standard deviations. */
export function fairSpread(count: number, percent: number): number {
  return 6 * Math.sqrt((count * percent * (100 - percent)) / 10_000);
}

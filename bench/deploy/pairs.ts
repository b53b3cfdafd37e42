import type { BenchSite } from './site.ts';

export interface Pair {
  readonly bareMs: number;
  readonly actionMs: number;
}

/** Both ways once a round, each first in every other round; the first round, which installs, is not counted. */
export async function pairs(rounds: number, site: Pick<BenchSite, 'bare' | 'action'>): Promise<Pair[]> {
  const measured: Pair[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const version = String(round + 1);
    const times: Record<'bare' | 'action', number> = { bare: 0, action: 0 };
    const order = round % 2 === 0 ? (['bare', 'action'] as const) : (['action', 'bare'] as const);
    for (const way of order) times[way] = await site[way](version);
    if (round > 0) measured.push({ bareMs: times.bare, actionMs: times.action });
  }
  return measured;
}

import type { BenchSite, Cost } from './site.ts';

export interface Pair {
  readonly bare: Cost;
  readonly action: Cost;
}

/** Both ways once a round, each first in every other round; the first round, which installs, is not counted. */
export async function pairs(rounds: number, site: Pick<BenchSite, 'bare' | 'action'>): Promise<Pair[]> {
  const measured: Pair[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const version = String(round + 1);
    const costs: Partial<Record<'bare' | 'action', Cost>> = {};
    const order = round % 2 === 0 ? (['bare', 'action'] as const) : (['action', 'bare'] as const);
    for (const way of order) costs[way] = await site[way](version);
    const { bare, action } = costs;
    if (round > 0 && bare !== undefined && action !== undefined) measured.push({ bare, action });
  }
  return measured;
}

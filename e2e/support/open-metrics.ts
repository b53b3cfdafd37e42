/** One series for a history: its labels and (Unix seconds, value) pairs; a value may be `NaN` or `+Inf`. */
export interface HistorySeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [second: number, value: number | 'NaN' | '+Inf'])[];
}

/** OpenMetrics text with timestamps, as promtool loads it. */
export function openMetrics(series: readonly HistorySeries[]): string {
  const lines = series.flatMap(({ name, labels, samples }) => {
    const text = Object.entries(labels)
      .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
      .join(',');
    return samples.map(([second, value]) => `${name}{${text}} ${value} ${second}`);
  });
  return `${lines.join('\n')}\n# EOF\n`;
}

export interface ShopPod {
  readonly pod: string;
  readonly track: 'canary' | 'stable';
  /** Requests per scrape, and every how many of them one is an error (0: never). */
  readonly perScrape: number;
  readonly errorEvery: number;
  readonly from?: number;
  readonly to?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Counters of a shop without chance: each pod serves and errs at an even pace. Times relative to `start`. */
export function shopHistory(
  start: number,
  pods: readonly ShopPod[],
  { scrape = 15, seconds = 1800 } = {},
): HistorySeries[] {
  return pods.flatMap(({ pod, track, perScrape, errorEvery, from = -900, to = seconds, labels = {} }) => {
    const ok: [number, number][] = [];
    const bad: [number, number][] = [];
    let served = 0;
    for (let second = from; second <= to; second += scrape) {
      const errors = errorEvery === 0 ? 0 : Math.floor(served / errorEvery);
      ok.push([start + second, served - errors]);
      if (errors > 0) bad.push([start + second, errors]);
      served += perScrape;
    }
    const common = { app: 'shop', track, pod, instance: `${pod}:3000`, ...labels };
    const name = 'http_requests_total';
    return [
      { name, labels: { ...common, code: '200' }, samples: ok },
      ...(bad.length === 0 ? [] : [{ name, labels: { ...common, code: '500' }, samples: bad }]),
    ];
  });
}

/** Shape of the answers of a large service: one latency histogram per metric. */
export interface LookWorld {
  readonly metrics: number;
  readonly pods: number;
  /** Buckets of each histogram, the last one +Inf. */
  readonly buckets: number;
  readonly intervalMs: number;
  readonly scrapeMs: number;
}

/** When the canary began, ms. */
export const worldSinceMs = 1_800_000_000_000;

/** The answer of `/api/v1/query` to one metric's query for the look that ends at `endMs`: what Prometheus sends. */
export function answerOf(world: LookWorld, metric: number, endMs: number): string {
  const series: string[] = [];
  for (let pod = 0; pod < world.pods; pod += 1) {
    for (let bucket = 0; bucket < world.buckets; bucket += 1) {
      const last = bucket === world.buckets - 1;
      const labels = {
        __name__: `app_operation_${metric}_duration_seconds_bucket`,
        app: 'shop',
        container: 'shop',
        instance: `10.0.${pod >> 8}.${pod & 255}:3000`,
        job: 'kubernetes-pods',
        le: last ? '+Inf' : String(0.005 * 4 ** bucket),
        namespace: 'production',
        pod: `shop-${pod < world.pods / 20 ? 'canary' : 'stable'}-5f7c9d8b6-${String(pod).padStart(5, '0')}`,
        track: pod < world.pods / 20 ? 'canary' : 'stable',
      };
      const values: string[] = [];
      const first = Math.floor((endMs - world.intervalMs) / world.scrapeMs) + 1;
      for (let scrape = first; scrape * world.scrapeMs <= endMs; scrape += 1) {
        const served = scrape - worldSinceMs / world.scrapeMs + 1_000;
        // Each scrape brings 40 requests a pod, a bit more or less in each bucket from time to time.
        const part = last ? 1 : 1 - 0.5 ** (bucket + 1);
        const wobble = last ? 0 : (served * 7 + pod * 3 + bucket) % 3;
        values.push(`[${(scrape * world.scrapeMs) / 1000},"${Math.floor(served * 40 * part) - wobble}"]`);
      }
      series.push(`{"metric":${JSON.stringify(labels)},"values":[${values.join(',')}]}`);
    }
  }
  return `{"status":"success","data":{"resultType":"matrix","result":[${series.join(',')}]}}`;
}

/** One kind of request of a load; a string is a GET of that path. */
export type LoadPath =
  | string
  | { readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'; readonly path: string; readonly body?: string };

export interface LoadOptions {
  /** Where the requests go: `http://host:port`. */
  readonly url: string;
  /** Requests a second in all, constant. */
  readonly rps: number;
  /** Taken in turn by each connection. */
  readonly paths: readonly LoadPath[];
  /** For every request, e.g. `host` for the gateway. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadResult {
  /** Requests that were answered or failed. */
  readonly sent: number;
  /** Status code → answers; `error` counts broken connections and timeouts. */
  readonly byStatus: Readonly<Record<string, number>>;
}

/** Shares the requests of a second among up to ten lanes. */
export function lanesFor(rps: number): number[] {
  const lanes = Math.max(1, Math.min(10, Math.floor(rps)));
  return Array.from(
    { length: lanes },
    (_, i) => Math.floor(((i + 1) * rps) / lanes) - Math.floor((i * rps) / lanes),
  );
}

/** Adds up two tables of counts. */
export function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

import { podOf, seriesKey, type Labels, type RawSeries } from './series.ts';

/** What one counter series gained from one look to the next: never negative, resets and births counted in. */
export interface Increment {
  readonly series: TrackedSeries;
  readonly delta: number;
}

export interface TrackedSeries {
  readonly labels: Labels;
  readonly pod: string;
  readonly lastMs: number;
  readonly lastValue: number;
}

export type SeriesProblem =
  | { readonly kind: 'nan'; readonly labels: Labels }
  | { readonly kind: 'infinite'; readonly labels: Labels }
  | { readonly kind: 'negative'; readonly labels: Labels }
  | { readonly kind: 'duplicate'; readonly pod: string; readonly labels: Labels }
  | { readonly kind: 'relabelled'; readonly pod: string; readonly labels: Labels };

export interface CounterTracker {
  /**
   * Takes the raw samples up to `untilMs` and gives the increments since the last call. Samples at or before a
   * series' newest known sample are ignored, so overlapping windows count nothing twice.
   */
  readonly feed: (
    series: readonly RawSeries[],
    untilMs: number,
    startedMs?: ReadonlyMap<string, number>,
  ) => { readonly increments: readonly Increment[]; readonly problems: readonly SeriesProblem[] };
  /** When the pod gave its first sample of all, in ms; undefined for a pod that never gave one. */
  readonly firstSeenMs: (pod: string) => number | undefined;
  /** Pods known so far, with the time of their newest sample. */
  readonly pods: () => Iterable<{ readonly pod: string; readonly labels: Labels; readonly lastMs: number }>;
}

interface Mutable {
  labels: Labels;
  pod: string;
  lastMs: number;
  lastValue: number;
}

/** Labels that tell where a sample was scraped, not what was counted. */
const scrapeLabels = new Set([
  'job',
  'endpoint',
  'service',
  'prometheus',
  'prometheus_replica',
  'replica',
  'receive',
  'tenant_id',
  'cluster_replica',
]);

/** After this long without a sample a series is taken to have ended, and silence of all to be a blind spot. */
const quietMs = 300_000;

/**
 * Differences counters sample by sample: d = v − v_prev, or v after a reset. `rate()` and `increase()` are not used
 * because they extrapolate to fractions and drop the first value of a new series (prometheus#3886).
 *
 * A first sample counts from 0 when the series was surely born under our eyes: its pod started after `sinceMs`, or
 * the pod was already scraped without this label combination. Any other first sample is only an anchor.
 */
export function counterTracker(sinceMs: number): CounterTracker {
  const tracked = new Map<string, Mutable>();
  const identities = new Map<string, string>();
  const pods = new Map<string, Mutable[]>();
  const firstSeen = new Map<string, number>();
  let newestMs = -Infinity;

  return {
    firstSeenMs: (pod) => firstSeen.get(pod),
    pods: function* () {
      for (const [pod, entries] of pods) {
        const [first] = entries;
        if (first) yield { pod, labels: first.labels, lastMs: Math.max(...entries.map((e) => e.lastMs)) };
      }
    },
    feed: (series, untilMs, startedMs = new Map<string, number>()) => {
      const increments: Increment[] = [];
      const problems: SeriesProblem[] = [];
      const fresh: { raw: RawSeries; entry: Mutable; firstMs: number; firstValue: number; rest: number }[] =
        [];
      const seenNow = new Map<string, Set<number>>();
      const newestBefore = newestMs;

      for (const raw of series) {
        const key = seriesKey(raw.labels);
        const known = tracked.get(key);
        let entry = known;
        let delta = 0;
        let first: { ms: number; value: number } | undefined;
        for (const [ms, value] of raw.samples) {
          if (ms > untilMs || (entry !== undefined && ms <= entry.lastMs)) continue;
          if (!Number.isFinite(value) || value < 0) {
            problems.push({ kind: badness(value), labels: raw.labels });
            continue;
          }
          if (entry === undefined) {
            const pod = podOf(raw.labels);
            const twin = twinOf(raw.labels, pod, key, ms);
            if (twin) {
              problems.push({ kind: 'duplicate', pod, labels: raw.labels });
              break;
            }
            entry = { labels: raw.labels, pod, lastMs: ms, lastValue: value };
            first = { ms, value };
          } else {
            delta += value < entry.lastValue ? value : value - entry.lastValue;
            entry.lastMs = ms;
            entry.lastValue = value;
          }
        }
        if (entry === undefined) continue;
        newestMs = Math.max(newestMs, entry.lastMs);
        if (first !== undefined)
          fresh.push({ raw, entry, firstMs: first.ms, firstValue: first.value, rest: delta });
        else {
          if (delta > 0) increments.push({ series: entry, delta });
          if (known !== undefined && raw.samples.length > 0) {
            const times = seenNow.get(entry.pod) ?? new Set();
            for (const [ms] of raw.samples) times.add(ms);
            seenNow.set(entry.pod, times);
          }
        }
      }

      for (const { entry, raw, firstMs, firstValue, rest } of fresh) {
        const origin = birth(entry, firstMs, firstValue, seenNow.get(entry.pod), startedMs, newestBefore);
        if (origin === 'relabelled')
          problems.push({ kind: 'relabelled', pod: entry.pod, labels: raw.labels });
        const delta = rest + (origin === 'born' ? firstValue : 0);
        if (delta > 0) increments.push({ series: entry, delta });
      }
      for (const { entry, raw, firstMs } of fresh) {
        tracked.set(seriesKey(raw.labels), entry);
        firstSeen.set(entry.pod, Math.min(firstMs, firstSeen.get(entry.pod) ?? Infinity));
        const siblings = pods.get(entry.pod);
        if (siblings === undefined) pods.set(entry.pod, [entry]);
        else siblings.push(entry);
      }
      return { increments, problems };
    },
  };

  /** One process scraped by two jobs gives two series that differ in scrape labels only: the first one counts. */
  function twinOf(labels: Labels, pod: string, key: string, ms: number): boolean {
    let identity = `${pod}\u0003`;
    for (const name of Object.keys(labels).sort())
      if (!scrapeLabels.has(name)) identity += `${name}\u0001${labels[name] ?? ''}\u0002`;
    const holder = identities.get(identity);
    const holderSeenMs = holder === undefined ? -Infinity : (tracked.get(holder)?.lastMs ?? Infinity);
    const free = holder === key || ms - holderSeenMs > quietMs;
    if (free) identities.set(identity, key);
    return !free;
  }

  function birth(
    entry: Mutable,
    firstMs: number,
    firstValue: number,
    scrapedNow: ReadonlySet<number> | undefined,
    startedMs: ReadonlyMap<string, number>,
    newestBefore: number,
  ): 'born' | 'anchor' | 'relabelled' {
    if (firstMs <= sinceMs) return 'anchor';
    const siblings = pods.get(entry.pod);
    const started = startedMs.get(entry.pod);
    if (siblings === undefined) {
      if (started !== undefined) return started >= sinceMs ? 'born' : 'anchor';
      // Without a start time: new only if others were being scraped before, so that its absence means something.
      return newestBefore >= firstMs - quietMs ? 'born' : 'anchor';
    }
    if (scrapedNow?.has(firstMs)) return 'born';
    const lastSeen = Math.max(...siblings.map((one) => one.lastMs));
    if (started !== undefined && started > lastSeen) return 'born';
    // Every earlier series of the pod has ended and this one goes on from at least as high: a label has changed.
    const continues = siblings.some((one) => one.lastMs < firstMs && one.lastValue <= firstValue);
    return continues ? 'relabelled' : 'born';
  }
}

function badness(value: number): 'nan' | 'infinite' | 'negative' {
  if (Number.isNaN(value)) return 'nan';
  return value < 0 && value !== -Infinity ? 'negative' : 'infinite';
}

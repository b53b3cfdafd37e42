import { podOf, sameLabels, seriesKey, type Labels, type RawSeries } from './series.ts';

/** What one counter series gained from one look to the next: never negative, resets and births counted in. */
export interface Increment<Tag> {
  readonly series: TrackedSeries<Tag>;
  readonly delta: number;
}

export interface TrackedPod {
  readonly name: string;
  /** Labels of the first series that was seen of it. */
  readonly labels: Labels;
  /** When it gave its first and its newest sample, ms. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Shortest time between two of its samples, ms: its scrape interval. Infinity before the second one. */
  readonly scrapeMs: number;
}

export interface TrackedSeries<Tag> {
  readonly labels: Labels;
  readonly pod: TrackedPod;
  /** What the caller made of the labels when the series was first seen. */
  readonly tag: Tag;
}

export type SeriesProblem =
  | { readonly kind: 'nan'; readonly labels: Labels }
  | { readonly kind: 'infinite'; readonly labels: Labels }
  | { readonly kind: 'negative'; readonly labels: Labels }
  | { readonly kind: 'duplicate'; readonly pod: string; readonly labels: Labels }
  | { readonly kind: 'relabelled'; readonly pod: string; readonly labels: Labels };

export interface CounterTracker<Tag> {
  /**
   * Takes the raw samples up to `untilMs` and gives the increments since the last call. Samples at or before a
   * series' newest known sample are ignored, so overlapping windows count nothing twice.
   */
  readonly feed: (
    series: readonly RawSeries[],
    untilMs: number,
    startedMs?: ReadonlyMap<string, number>,
  ) => { readonly increments: readonly Increment<Tag>[]; readonly problems: readonly SeriesProblem[] };
  /** Pods known so far. */
  readonly pods: () => Iterable<TrackedPod>;
  /**
   * Drops a pod that has ended, with its series, so that memory does not grow with every pod there ever was. Should
   * it come back as the same process, it is anchored anew: what was counted is never counted twice.
   */
  readonly forget: (pod: TrackedPod) => void;
}

interface Pod<Tag> extends TrackedPod {
  firstMs: number;
  lastMs: number;
  scrapeMs: number;
  readonly entries: Entry<Tag>[];
  /** The newest sample of a forgotten pod of this name. */
  readonly forgottenMs: number | undefined;
}

interface Entry<Tag> {
  readonly labels: Labels;
  readonly pod: Pod<Tag>;
  readonly tag: Tag;
  lastMs: number;
  lastValue: number;
}

interface Fresh<Tag> {
  readonly entry: Entry<Tag>;
  readonly firstMs: number;
  readonly firstValue: number;
  /** What it gained after its first sample. */
  readonly rest: number;
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

/** Names of forgotten pods that are remembered, the newest ones. */
const mostForgotten = 10_000;

/** After this long without a sample a series is taken to have ended, and silence of all to be a blind spot. */
const quietMs = 300_000;

/**
 * Differences counters sample by sample: d = v − v_prev, or v after a reset. `rate()` and `increase()` are not used
 * because they extrapolate to fractions and drop the first value of a new series (prometheus#3886).
 *
 * A first sample counts from 0 when the series was surely born under our eyes: its pod started after `sinceMs`, or
 * the pod was already scraped without this label combination. Any other first sample is only an anchor.
 */
export function counterTracker<Tag>(sinceMs: number, tagOf: (labels: Labels) => Tag): CounterTracker<Tag> {
  const tracked = new Map<string, Entry<Tag>>();
  const identities = new Map<string, string>();
  const pods = new Map<string, Pod<Tag>>();
  const forgotten = new Map<string, number>();
  // Answers name the same series in the same order: comparing with the last answer spares most of the look-ups.
  let order: Entry<Tag>[] = [];
  let newestMs = -Infinity;

  return {
    pods: () => pods.values(),
    forget: ({ name }) => {
      const pod = pods.get(name);
      if (pod === undefined) return;
      pods.delete(name);
      for (const { labels } of pod.entries) {
        const key = seriesKey(labels);
        tracked.delete(key);
        const identity = identityOf(labels, name);
        if (identities.get(identity) === key) identities.delete(identity);
      }
      order = order.filter((entry) => entry.pod !== pod);
      forgotten.set(name, pod.lastMs);
      const [oldest] = forgotten.size > mostForgotten ? forgotten.keys() : [];
      if (oldest !== undefined) forgotten.delete(oldest);
    },
    feed: (series, untilMs, startedMs = new Map<string, number>()) => {
      const increments: Increment<Tag>[] = [];
      const problems: SeriesProblem[] = [];
      const fresh: Fresh<Tag>[] = [];
      const freshByKey = new Map<string, Entry<Tag>>();
      const nextOrder: Entry<Tag>[] = [];
      const newestBefore = newestMs;
      let hint = 0;

      for (const raw of series) {
        const likely = order[hint];
        let entry =
          likely !== undefined && sameLabels(likely.labels, raw.labels)
            ? likely
            : known(raw.labels, freshByKey);
        hint += 1;
        let delta = 0;
        let first: { ms: number; value: number } | undefined;
        for (const [ms, value] of raw.samples) {
          if (ms > untilMs || (entry !== undefined && ms <= entry.lastMs)) continue;
          if (!Number.isFinite(value) || value < 0) {
            problems.push({ kind: badness(value), labels: raw.labels });
            continue;
          }
          if (entry === undefined) {
            const created = create(raw.labels, ms, value);
            if (created === undefined) {
              problems.push({ kind: 'duplicate', pod: podOf(raw.labels), labels: raw.labels });
              break;
            }
            entry = created;
            freshByKey.set(seriesKey(raw.labels), created);
            first = { ms, value };
          } else {
            entry.pod.scrapeMs = Math.min(entry.pod.scrapeMs, ms - entry.lastMs);
            delta += value < entry.lastValue ? value : value - entry.lastValue;
            entry.lastMs = ms;
            entry.lastValue = value;
          }
        }
        if (entry === undefined) continue;
        nextOrder.push(entry);
        newestMs = Math.max(newestMs, entry.lastMs);
        if (first !== undefined)
          fresh.push({ entry, firstMs: first.ms, firstValue: first.value, rest: delta });
        else {
          entry.pod.lastMs = Math.max(entry.pod.lastMs, entry.lastMs);
          if (delta > 0) increments.push({ series: entry, delta });
        }
      }
      order = nextOrder;

      const seenNow = fresh.length === 0 ? new Map<Pod<Tag>, Set<number>>() : timesOfKnown(series, fresh);
      for (const one of fresh) {
        const { entry } = one;
        const origin = birth(one, seenNow.get(entry.pod), startedMs, newestBefore);
        if (origin === 'relabelled')
          problems.push({ kind: 'relabelled', pod: entry.pod.name, labels: entry.labels });
        const delta = one.rest + (origin === 'born' ? one.firstValue : 0);
        if (delta > 0) increments.push({ series: entry, delta });
      }
      for (const { entry, firstMs } of fresh) {
        const { pod } = entry;
        tracked.set(seriesKey(entry.labels), entry);
        pod.firstMs = Math.min(pod.firstMs, firstMs);
        pod.lastMs = Math.max(pod.lastMs, entry.lastMs);
        pod.entries.push(entry);
      }
      return { increments, problems };
    },
  };

  /** What is fetched by two queries, or as a classic and as a native histogram, comes twice already when it is new. */
  function known(labels: Labels, fresh: ReadonlyMap<string, Entry<Tag>>): Entry<Tag> | undefined {
    const key = seriesKey(labels);
    return tracked.get(key) ?? fresh.get(key);
  }

  /** A new series of a known or of a new pod; undefined for a second scrape of a process that is counted already. */
  function create(labels: Labels, ms: number, value: number): Entry<Tag> | undefined {
    const name = podOf(labels);
    if (isTwin(labels, name, ms)) return undefined;
    let pod = pods.get(name);
    if (pod === undefined) {
      const never = { firstMs: Infinity, lastMs: -Infinity, scrapeMs: Infinity };
      pod = { name, labels, ...never, entries: [], forgottenMs: forgotten.get(name) };
      pods.set(name, pod);
      forgotten.delete(name);
    }
    return { labels, pod, tag: tagOf(labels), lastMs: ms, lastValue: value };
  }

  /** One process scraped by two jobs gives two series that differ in scrape labels only: the first one counts. */
  function isTwin(labels: Labels, pod: string, ms: number): boolean {
    const identity = identityOf(labels, pod);
    const key = seriesKey(labels);
    const holder = identities.get(identity);
    const holderSeenMs = holder === undefined ? -Infinity : (tracked.get(holder)?.lastMs ?? Infinity);
    const free = holder === key || ms - holderSeenMs > quietMs;
    if (free) identities.set(identity, key);
    return !free;
  }

  /** When the pods of new series were scraped in this feed, as their older series show. */
  function timesOfKnown(
    series: readonly RawSeries[],
    fresh: readonly Fresh<Tag>[],
  ): Map<Pod<Tag>, Set<number>> {
    const times = new Map(fresh.map(({ entry }) => [entry.pod, new Set<number>()]));
    for (const { labels, samples } of series) {
      const pod = pods.get(podOf(labels));
      const seen = pod === undefined ? undefined : times.get(pod);
      if (seen !== undefined && tracked.has(seriesKey(labels))) for (const [ms] of samples) seen.add(ms);
    }
    return times;
  }

  function birth(
    { entry, firstMs, firstValue }: Fresh<Tag>,
    scrapedNow: ReadonlySet<number> | undefined,
    startedMs: ReadonlyMap<string, number>,
    newestBefore: number,
  ): 'born' | 'anchor' | 'relabelled' {
    if (firstMs <= sinceMs) return 'anchor';
    const siblings = entry.pod.entries;
    const started = startedMs.get(entry.pod.name);
    if (siblings.length === 0) {
      const { forgottenMs } = entry.pod;
      if (forgottenMs !== undefined)
        return started !== undefined && started > forgottenMs ? 'born' : 'anchor';
      if (started !== undefined) return started >= sinceMs ? 'born' : 'anchor';
      // Without a start time: new only if others were being scraped before, so that its absence means something.
      return newestBefore >= firstMs - quietMs ? 'born' : 'anchor';
    }
    if (scrapedNow?.has(firstMs) === true) return 'born';
    const lastSeen = Math.max(...siblings.map((one) => one.lastMs));
    if (started !== undefined && started > lastSeen) return 'born';
    // Every earlier series of the pod has ended and this one goes on from at least as high: a label has changed.
    const continues = siblings.some((one) => one.lastMs < firstMs && one.lastValue <= firstValue);
    return continues ? 'relabelled' : 'born';
  }
}

/** What is equal for two scrapes of one process. */
function identityOf(labels: Labels, pod: string): string {
  let identity = `${pod}\u0003`;
  for (const name of Object.keys(labels).sort())
    if (!scrapeLabels.has(name)) identity += `${name}\u0001${labels[name] ?? ''}\u0002`;
  return identity;
}

function badness(value: number): 'nan' | 'infinite' | 'negative' {
  if (Number.isNaN(value)) return 'nan';
  return value < 0 && value !== -Infinity ? 'negative' : 'infinite';
}

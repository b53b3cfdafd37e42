export type Labels = Readonly<Record<string, string>>;

/** One bucket of a native histogram: (lower, upper] and how many observations fell in it. */
export interface NativeBucket {
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
}

/** A native histogram sample: cumulative since the process began. */
export interface NativeHistogram {
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly NativeBucket[];
}

/** Raw samples of one series, oldest first; times in milliseconds since the epoch, as Prometheus stamped them. */
export interface RawSeries {
  readonly labels: Labels;
  readonly samples: readonly (readonly [timeMs: number, value: number])[];
  readonly histograms?: readonly (readonly [timeMs: number, value: NativeHistogram])[];
}

export interface RawAnswer {
  readonly series: readonly RawSeries[];
  /** What the server said about the answer being incomplete; empty when it is whole. */
  readonly warnings: readonly string[];
}

/** The name of the process that a series belongs to: its pod, or its scrape address where there is no pod label. */
export function podOf(labels: Labels): string {
  const pod = labels.pod ?? labels.kubernetes_pod_name ?? labels.pod_name;
  if (pod === undefined || pod === '') return labels.instance ?? '';
  return labels.namespace === undefined ? pod : `${labels.namespace}/${pod}`;
}

/** One text per label set; equal label sets give equal texts. */
export function seriesKey(labels: Labels): string {
  let key = '';
  for (const name of Object.keys(labels).sort()) key += `${name}\u0001${labels[name] ?? ''}\u0002`;
  return key;
}

/** Whether two label sets are equal, in whatever order: cheaper than comparing their keys. */
export function sameLabels(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  let count = 0;
  for (const name in a) {
    if (a[name] !== b[name]) return false;
    count += 1;
  }
  for (const name in b) {
    if (!(name in a)) return false;
    count -= 1;
  }
  return count === 0;
}

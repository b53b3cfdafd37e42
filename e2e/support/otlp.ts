/** Sends what OpenMetrics text cannot hold to Prometheus' OTLP receiver: native histograms and stale markers. */
import type { HistorySeries } from './open-metrics.ts';

/** A native histogram at one time: cumulative, exponential with 2^scale buckets per doubling. */
export interface NativePoint {
  readonly second: number;
  readonly scale: number;
  /** Observations by the index of their bucket: (2^(index/2^scale), 2^((index + 1)/2^scale)]. */
  readonly buckets: ReadonlyMap<number, number>;
}

export interface NativeSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly NativePoint[];
}

/** A counter whose samples may be stale markers, as Prometheus writes them when a target or a series goes away. */
export type StaleSeries = Omit<HistorySeries, 'samples'> & {
  readonly samples: readonly (readonly [second: number, value: number | 'stale'])[];
};

/** Sends the series to the Prometheus at `url`; throws with its words when it refuses them. */
export async function sendOtlp(
  url: string,
  counters: readonly StaleSeries[],
  histograms: readonly NativeSeries[],
): Promise<void> {
  const metrics = [...counters.map(counterMetric), ...histograms.map(histogramMetric)];
  const answer = await fetch(`${url}/api/v1/otlp/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: {}, metrics }] }] }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`status ${answer.status}: ${text}`);
}

const cumulative = { aggregationTemporality: 2 };

function counterMetric({ name, labels, samples }: StaleSeries): object {
  const dataPoints = samples.map(([second, value]) => ({
    ...point(labels, second),
    // "No recorded value" becomes a stale marker.
    ...(value === 'stale' ? { flags: 1 } : { asDouble: value }),
  }));
  return { name, sum: { ...cumulative, isMonotonic: true, dataPoints } };
}

function histogramMetric({ name, labels, points }: NativeSeries): object {
  const dataPoints = points.map(({ second, scale, buckets }) => {
    const offset = Math.min(...buckets.keys());
    const length = Math.max(...buckets.keys()) - offset + 1;
    const bucketCounts = Array.from({ length }, (_, index) => String(buckets.get(offset + index) ?? 0));
    const count = String([...buckets.values()].reduce((sum, inside) => sum + inside, 0));
    return {
      ...point(labels, second),
      count,
      sum: 0,
      scale,
      zeroCount: '0',
      positive: { offset, bucketCounts },
    };
  });
  return { name, exponentialHistogram: { ...cumulative, dataPoints } };
}

function point(labels: Readonly<Record<string, string>>, second: number): object {
  return {
    attributes: Object.entries(labels).map(([key, stringValue]) => ({ key, value: { stringValue } })),
    timeUnixNano: `${second}000000000`,
  };
}

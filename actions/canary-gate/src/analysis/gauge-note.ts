import { formatDuration } from '../../../../toolkit/action/duration.ts';
import type { GaugeEvidence } from '../../../../toolkit/statistics/gauge-test.ts';
import type { GaugeMetric } from '../config/metric.ts';

/** A limit that will be reached sooner than this is a failure now. */
const horizonSeconds = 24 * 3600;

/**
 * Why the projected growth fails the canary, or undefined. The canary's own growth is no evidence, because stable may
 * grow alike: the comparison has to have reached the metric's share of α, so that projecting spends nothing of it.
 */
export function projectedTrip(
  metric: GaugeMetric,
  { logE, secondsToLimit }: GaugeEvidence,
  { alpha, share = 1 }: { readonly alpha: number; readonly share?: number },
): string | undefined {
  if (logE < -Math.log(alpha * share)) return undefined;
  if (metric.limit === undefined || secondsToLimit === undefined || secondsToLimit >= horizonSeconds)
    return undefined;
  const limit = formatValue(metric.limit, metric.metric.metric);
  if (secondsToLimit === 0) return `the canary has reached the limit of ${limit}`;
  return `the canary grows steadily and reaches ${limit} in ${formatDuration(secondsToLimit * 1000)} at the latest`;
}

/** Levels and growth for people. */
export function gaugeNote(
  metric: GaugeMetric,
  { slope, secondsToLimit, blocks, blockSeconds }: GaugeEvidence,
  levels: { readonly canary: number; readonly stable: number } | undefined,
): string {
  const name = metric.metric.metric;
  const parts: string[] = [];
  if (levels !== undefined)
    parts.push(`${formatValue(levels.canary, name)} against ${formatValue(levels.stable, name)}`);
  if (slope === undefined) parts.push('growth not told yet: a leak takes about 40 min to prove');
  else
    parts.push(
      `growth ${formatValue(slope.estimate * 3600, name)} an hour, at least ${formatValue(slope.low * 3600, name)}`,
    );
  if (secondsToLimit !== undefined && Number.isFinite(secondsToLimit))
    parts.push(`limit in ${formatDuration(secondsToLimit * 1000)} at the latest`);
  if (blocks > 0) parts.push(`${blocks} blocks of ${formatDuration(blockSeconds * 1000)}`);
  return parts.join('; ');
}

/** Bytes as MiB or GiB by the name of the metric, anything else in three digits. */
export function formatValue(value: number, metric = ''): string {
  const digits = (number: number): string => String(Number(number.toPrecision(3)));
  if (!metric.endsWith('_bytes')) return digits(value);
  return Math.abs(value) >= 2 ** 30 ? `${digits(value / 2 ** 30)} GiB` : `${digits(value / 2 ** 20)} MiB`;
}

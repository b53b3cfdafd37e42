import { formatDuration } from '../../../toolkit/action/duration.ts';
import type { LookReport, MetricReport } from './analysis/report.ts';
import { formatE } from './verdict.ts';

export interface ProgressPolicy {
  readonly alpha: number;
  readonly promoteAlpha: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
}

/** One line per look: what was counted, the evidence both ways, and when a verdict may be expected. */
export function progressLine(
  look: LookReport,
  policy: ProgressPolicy,
  sinceMs: number,
  waitingFor: string,
): string {
  const elapsedMs = look.endMs - sinceMs;
  const metrics = look.metrics
    .filter(({ shadow, canary, stable }) => !shadow && canary.total + stable.total > 0)
    .map(({ name, canary, stable }) => `${name} ${rate(canary)} : ${rate(stable)}`);
  return [
    `look ${look.index + 1}`,
    formatDuration(elapsedMs),
    ...metrics,
    `E ${formatE(look.logE)} of ${formatE(-Math.log(policy.alpha))}`,
    `ETA ${eta(look, policy, elapsedMs)}`,
    waitingFor,
  ].join(' · ');
}

/** Extrapolates the canary's requests; never later than the deadline. */
function eta(look: LookReport, policy: ProgressPolicy, elapsedMs: number): string {
  const deadlineMs = policy.maxDurationMs - elapsedMs;
  const voting = look.metrics.filter((metric) => !metric.shadow && metric.logPromote !== undefined);
  const waits = voting.map((metric) => passInMs(metric, policy, elapsedMs));
  const passMs = Math.max(policy.minDurationMs - elapsedMs, ...waits);
  if (voting.length === 0 || !(passMs < deadlineMs)) return `${formatDuration(deadlineMs)} at the latest`;
  return `about ${formatDuration(Math.max(0, passMs))} if healthy`;
}

function passInMs(metric: MetricReport, policy: ProgressPolicy, elapsedMs: number): number {
  if ((metric.logPromote ?? 0) >= -Math.log(policy.promoteAlpha)) return 0;
  const perMs = metric.canary.total / elapsedMs;
  return metric.needs === undefined || perMs === 0 ? Infinity : metric.needs / perMs;
}

function rate({ events, total }: { events: number; total: number }): string {
  return `${events}/${total}`;
}

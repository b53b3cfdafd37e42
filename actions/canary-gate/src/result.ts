import type { LookReport } from './analysis/report.ts';
import type { Step } from './analysis/steps.ts';
import type { Verdict } from './verdict.ts';

/** A time in which Prometheus gave no usable data. */
export interface Outage {
  readonly fromMs: number;
  /** Undefined while it lasts. */
  readonly toMs: number | undefined;
  readonly detail: string;
}

/** Everything a gate did: what the outputs, the summary and the reports are made of. */
export interface GateResult {
  readonly verdict: Verdict;
  readonly sinceMs: number;
  readonly looks: readonly LookReport[];
  readonly steps: readonly Step[];
  readonly outages: readonly Outage[];
  readonly warnings: readonly string[];
}

import type { LookReport, MetricReport } from './analysis/report.ts';
import type { Step } from './analysis/steps.ts';
import type { Inputs } from './inputs.ts';
import type { GateResult, Outage } from './result.ts';

/** The published report; its JSON schema is report.schema.json. Times are RFC 3339, evidence is ln E. */
export interface Report {
  readonly version: 1;
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string;
  readonly cause: string;
  readonly culprits: readonly string[];
  readonly mode: 'watch' | 'replay';
  readonly start: string;
  readonly decided: string;
  readonly alpha: number;
  readonly promoteAlpha: number;
  readonly onInconclusive: 'fail' | 'pass';
  readonly intervalSeconds: number;
  readonly steps: readonly { readonly weight: number; readonly at: string }[];
  readonly outages: readonly { readonly from: string; readonly to: string | null; readonly detail: string }[];
  readonly warnings: readonly string[];
  readonly looks: readonly ReportLook[];
}

export interface ReportLook {
  readonly end: string;
  readonly step: number;
  readonly logE: number;
  readonly canaryRequests: number;
  readonly metrics: readonly MetricReport[];
}

export function buildReport(
  inputs: Pick<Inputs, 'mode' | 'alpha' | 'promoteAlpha' | 'onInconclusive' | 'intervalMs'>,
  result: GateResult,
): Report {
  const { verdict } = result;
  return {
    version: 1,
    verdict: verdict.kind,
    reason: verdict.reason,
    cause: verdict.kind === 'inconclusive' ? verdict.cause : '',
    culprits: verdict.kind === 'fail' ? verdict.culprits : [],
    mode: inputs.mode,
    start: time(result.sinceMs),
    decided: time(verdict.atMs),
    alpha: inputs.alpha,
    promoteAlpha: inputs.promoteAlpha,
    onInconclusive: inputs.onInconclusive,
    intervalSeconds: inputs.intervalMs / 1000,
    steps: result.steps.map(({ weight, atMs }: Step) => ({ weight, at: time(atMs) })),
    outages: result.outages.map(({ fromMs, toMs, detail }: Outage) => ({
      from: time(fromMs),
      to: toMs === undefined ? null : time(toMs),
      detail,
    })),
    warnings: result.warnings,
    looks: result.looks.map(reportLook),
  };
}

function reportLook({ endMs, step, logE, canaryRequests, metrics }: LookReport): ReportLook {
  return { end: time(endMs), step, logE, canaryRequests, metrics };
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

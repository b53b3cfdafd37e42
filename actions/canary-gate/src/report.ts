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
  readonly observedShare?: number;
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
    warnings: [...result.warnings, ...shareWarnings(result)],
    looks: result.looks.map(reportLook),
  };
}

/** A router that does not split as it was told is worth knowing; it does not decide. */
function shareWarnings({ looks, steps }: GateResult): string[] {
  const last = looks.at(-1);
  const configured = last === undefined ? undefined : steps[last.step];
  if (last?.shareMismatch !== true || configured === undefined || last.observedShare === undefined) return [];
  const observed = Number((100 * last.observedShare).toPrecision(3));
  return [`the canary received ${observed} % of the requests where ${configured.weight} % was set`];
}

function reportLook({ endMs, step, logE, canaryRequests, observedShare, metrics }: LookReport): ReportLook {
  const share = observedShare === undefined ? {} : { observedShare };
  return { end: time(endMs), step, logE, canaryRequests, ...share, metrics };
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}

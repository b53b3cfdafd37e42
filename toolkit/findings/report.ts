import { compare, type Baseline } from './baseline.ts';
import { compareFindings, gradeOf, type Grade } from './finding.ts';
import type { Fingerprinted } from './fingerprint.ts';
import type { Judged, Waiver } from './judged.ts';
import { crossing, decide, type Policy, type Verdict } from './policy.ts';
import type { ToolResult } from './tool-result.ts';

/** Everything that was found and everything that was decided about it. The gate is a part; the rest holds it all. */
export interface Report {
  readonly action: string;
  readonly verdict: Verdict;
  readonly results: readonly ToolResult[];
  readonly findings: readonly Judged[];
  /** Those that fail the gate. */
  readonly crossing: readonly Judged[];
  readonly fixed: readonly Fingerprinted[];
  readonly baseline:
    { readonly kind: 'compared'; readonly base: string } | { readonly kind: 'none'; readonly reason: string };
  readonly policy: Policy;
  readonly warnings: readonly string[];
}

export interface Observed {
  readonly results: readonly ToolResult[];
  readonly findings: readonly Fingerprinted[];
  readonly baseline: Baseline;
  readonly warnings?: readonly string[];
}

/** Findings + baseline + waivers + policy → report. Worst first, new before old. */
export function buildReport(
  action: string,
  observed: Observed,
  policy: Policy,
  waiverOf: (finding: Fingerprinted) => Waiver | undefined = () => undefined,
): Report {
  const compared = compare(observed.findings, observed.baseline);
  const findings = compared.head
    .map((item): Judged => {
      const waiver = waiverOf(item);
      return waiver === undefined ? item : { ...item, waiver };
    })
    .sort((a, b) => stateRank(a) - stateRank(b) || compareFindings(a.finding, b.finding));
  const { baseline } = observed;
  return {
    action,
    verdict: decide(observed.results, findings, policy),
    results: observed.results,
    findings,
    crossing: crossing(findings, policy),
    fixed: compared.fixed,
    baseline: baseline.kind === 'none' ? baseline : { kind: 'compared', base: baseline.base },
    policy,
    warnings: observed.warnings ?? [],
  };
}

/** New and open findings of a report: what `new-count` says. Without a baseline every open one counts as new. */
export function newCount(report: Report): number {
  return report.findings.filter((item) => item.state === 'new' && item.waiver === undefined).length;
}

/** How many findings of each grade, waived ones left out. */
export function countByGrade(findings: readonly Judged[]): Partial<Record<Grade, number>> {
  const counts: Partial<Record<Grade, number>> = {};
  for (const item of findings) {
    if (item.waiver !== undefined) continue;
    const grade = gradeOf(item.finding);
    counts[grade] = (counts[grade] ?? 0) + 1;
  }
  return counts;
}

function stateRank(item: Judged): number {
  if (item.waiver !== undefined) return 2;
  return item.state === 'new' ? 0 : 1;
}

import type { Judged } from './judged.ts';
import { describeVerdict } from './policy.ts';
import { countByGrade, newCount, type Report } from './report.ts';

/** The machine-readable report: stable names, whole, one object. */
export function reportJson(report: Report): string {
  const { baseline, policy, verdict } = report;
  return `${JSON.stringify(
    {
      schema: 'gated-delivery/report/v1',
      action: report.action,
      verdict: verdict.kind,
      reason: describeVerdict(verdict),
      baseline,
      policy: {
        failing: [...policy.failing],
        'new-only': policy.newOnly,
        ...(policy.maxWarnings === undefined ? {} : { 'max-warnings': policy.maxWarnings }),
      },
      counts: {
        new: newCount(report),
        total: report.findings.length,
        failing: report.crossing.length,
        waived: report.findings.filter((item) => item.waiver !== undefined).length,
        fixed: report.fixed.length,
        'by-severity': countByGrade(report.findings),
      },
      tools: report.results.map((result) => {
        const { tool, target, status } = result;
        switch (result.status) {
          case 'ran':
            return {
              tool,
              target,
              status,
              version: result.version,
              findings: result.findings.length,
              ...(result.notes === undefined ? {} : { notes: result.notes }),
              ...(result.table === undefined ? {} : { table: result.table }),
            };
          case 'tool-error':
            return { tool, target, status, message: result.message, detail: result.detail };
          case 'skipped':
            return { tool, target, status, reason: result.reason };
        }
      }),
      warnings: report.warnings,
      findings: report.findings.map(findingJson),
    },
    null,
    2,
  )}\n`;
}

function findingJson(item: Judged): Record<string, unknown> {
  const finding = {
    ...item.finding,
    excerpt: undefined,
    suggestion: undefined,
    fix: undefined,
    parts: undefined,
  };
  return { id: item.id, state: item.state, ...finding, ...(item.waiver ? { waiver: item.waiver } : {}) };
}

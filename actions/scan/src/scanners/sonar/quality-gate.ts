import { levelOfSeverity, type Finding, type Severity } from '../../../../../toolkit/findings/finding.ts';
import type { ResultTable } from '../../../../../toolkit/findings/tool-result.ts';
import type { Gate } from './sonar-answers.ts';

const signs: Readonly<Record<string, string>> = { GT: '≤', LT: '≥', EQ: '≠', NE: '=' };

/** Conditions that do not hold, as findings. A gate that failed is critical: no threshold but `none` lets it pass. */
export function gateFindings(tool: string, gate: Gate, path: string): Finding[] {
  const failed = gate.conditions.filter(({ status }) => status === 'ERROR' || status === 'WARN');
  const findings = failed.map(({ metricKey, status, actualValue, comparator, errorThreshold }) =>
    toFinding(
      tool,
      metricKey,
      `${metricKey} is ${actualValue === '' ? 'unknown' : actualValue}, required ${signs[comparator] ?? comparator} ${errorThreshold}`,
      status === 'ERROR' ? 'critical' : 'medium',
      path,
    ),
  );
  if (gate.status === 'ERROR' && !failed.some(({ status }) => status === 'ERROR')) {
    return [...findings, toFinding(tool, 'status', 'the quality gate failed', 'critical', path)];
  }
  return findings;
}

export function gateTable(gate: Gate): ResultTable | undefined {
  if (gate.conditions.length === 0) return undefined;
  return {
    title: `Quality gate: ${gate.status}`,
    head: ['Condition', 'Is', 'Required', 'Status'],
    rows: gate.conditions.map(({ metricKey, actualValue, comparator, errorThreshold, status }) => [
      metricKey,
      actualValue,
      `${signs[comparator] ?? comparator} ${errorThreshold}`,
      status,
    ]),
  };
}

/** One line for the table of tools. */
export function gateNote(gate: Gate): string {
  return gate.status === 'NONE' ? 'no quality gate is set for this project' : `quality gate ${gate.status}`;
}

function toFinding(tool: string, rule: string, message: string, severity: Severity, path: string): Finding {
  return {
    tool,
    rule: `quality-gate/${rule}`,
    message: `Quality gate: ${message}`,
    level: levelOfSeverity(severity),
    severity,
    location: { path, startLine: 1 },
    excerpt: [rule],
  };
}

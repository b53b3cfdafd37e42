import { assertNever } from '../action/errors.ts';
import { codeBlock, escapeMarkdown, inlineCode, table } from '../summary/markdown.ts';
import { gradeOf, type Finding } from './finding.ts';
import type { Judged } from './judged.ts';
import { describeVerdict, type Verdict } from './policy.ts';
import { countByGrade, newCount, type Report } from './report.ts';
import { nameOf, type ToolResult } from './tool-result.ts';

export interface MarkdownOptions {
  readonly title: string;
  /** Rows of the table of findings at most. */
  readonly rows: number;
}

/** The report for people: verdict first, then what fails, then the rest and the tools. */
export function markdownReport(report: Report, options: MarkdownOptions): string {
  const crossing = new Set(report.crossing);
  return (
    [
      `## ${icon(report.verdict)} ${options.title}: ${report.verdict.kind}`,
      sentence(describeVerdict(report.verdict)),
      countsLine(report),
      ...report.warnings.map((warning) => `> [!WARNING]\n> ${escapeMarkdown(warning)}`),
      ...section('Fails the gate', report.crossing, options.rows),
      ...section(
        'New, below the threshold',
        report.findings.filter(
          (item) => item.state === 'new' && item.waiver === undefined && !crossing.has(item),
        ),
        options.rows,
      ),
      ...folded(
        'Known before',
        report.findings.filter(
          (item) => item.state === 'unchanged' && item.waiver === undefined && !crossing.has(item),
        ),
        options.rows,
      ),
      ...waived(report, options.rows),
      toolTable(report.results),
      ...report.results.flatMap(resultTable),
      ...report.results.flatMap((result) =>
        result.status === 'tool-error' && result.detail.trim() !== ''
          ? [
              `<details><summary>${escapeHtml(nameOf(result))}: last lines</summary>\n\n${codeBlock(result.detail, 'text')}\n\n</details>`,
            ]
          : [],
      ),
    ].join('\n\n') + '\n'
  );
}

function icon(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'pass':
      return '✅';
    case 'findings':
      return '❌';
    case 'tool-error':
      return '💥';
    case 'skipped':
      return '⏭️';
    default:
      return assertNever(verdict);
  }
}

function sentence(text: string): string {
  const clean = escapeMarkdown(text);
  return `${clean.charAt(0).toUpperCase()}${clean.slice(1)}.`;
}

function countsLine(report: Report): string {
  const counts = Object.entries(countByGrade(report.findings)).map(([grade, count]) => `${count} ${grade}`);
  const against =
    report.baseline.kind === 'compared'
      ? `compared with ${inlineCode(report.baseline.base.slice(0, 12))}`
      : `no baseline: ${escapeMarkdown(report.baseline.reason)}`;
  const fixed = report.fixed.length > 0 ? ` · **${report.fixed.length} fixed**` : '';
  const listed = counts.length > 0 ? ` (${counts.join(', ')})` : '';
  return `**${newCount(report)} new** of ${report.findings.length}${listed}${fixed} · ${against}`;
}

function section(title: string, findings: readonly Judged[], rows: number): string[] {
  return findings.length === 0 ? [] : [`### ${title} (${findings.length})`, findingTable(findings, rows)];
}

function folded(title: string, findings: readonly Judged[], rows: number): string[] {
  if (findings.length === 0) return [];
  return [
    `<details><summary>${title} (${findings.length})</summary>\n\n${findingTable(findings, rows)}\n\n</details>`,
  ];
}

function findingTable(findings: readonly Judged[], rows: number): string {
  const shown = findings.slice(0, rows);
  const body = table(
    ['Grade', 'Rule', 'Place', 'Message'],
    shown.map(({ finding }) => [
      gradeCell(finding),
      ruleCell(finding.rule, finding.helpUri),
      inlineCode(`${finding.location.path}:${finding.location.startLine}`),
      escapeMarkdown(finding.message.slice(0, 500)),
    ]),
  );
  return shown.length === findings.length
    ? body
    : `${body}\n\nShowing ${shown.length} of ${findings.length}.`;
}

/** What several tools said, when they do not agree. */
function gradeCell(finding: Finding): string {
  const said = (finding.sources ?? []).map(({ tool, severity }) => `${escapeMarkdown(tool)}: ${severity}`);
  const marks = [
    ...(finding.vulnerability?.exploited === true ? ['exploited'] : []),
    ...(finding.vulnerability?.epss === undefined ? [] : [`EPSS ${finding.vulnerability.epss.toFixed(3)}`]),
  ];
  const more = [...said, ...marks];
  return more.length === 0 ? gradeOf(finding) : `${gradeOf(finding)} (${more.join(', ')})`;
}

function ruleCell(rule: string, helpUri: string | undefined): string {
  const link = helpUri !== undefined && /^https:\/\/[^\s()<>|]+$/.test(helpUri) ? helpUri : undefined;
  return link === undefined ? inlineCode(rule) : `[${inlineCode(rule)}](${link})`;
}

function waived(report: Report, rows: number): string[] {
  const findings = report.findings.filter((item) => item.waiver !== undefined);
  if (findings.length === 0) return [];
  const body = table(
    ['Rule', 'Place', 'Reason', 'Until'],
    findings
      .slice(0, rows)
      .map(({ finding, waiver }) => [
        inlineCode(finding.rule),
        inlineCode(finding.location.path),
        escapeMarkdown(waiver?.reason ?? ''),
        waiver?.expires ?? 'no end',
      ]),
  );
  return [`<details><summary>Waived (${findings.length})</summary>\n\n${body}\n\n</details>`];
}

function resultTable(result: ToolResult): string[] {
  if (result.status !== 'ran' || result.table === undefined) return [];
  const { title, head, rows } = result.table;
  return [
    `### ${escapeMarkdown(title)}`,
    table(
      head,
      rows.map((row) => row.map(escapeMarkdown)),
    ),
  ];
}

function toolTable(results: readonly ToolResult[]): string {
  return table(
    ['Tool', 'Ran', 'Result'],
    results.map((result) => {
      switch (result.status) {
        case 'ran': {
          const count = result.findings.length;
          return [
            escapeMarkdown(nameOf(result)),
            escapeMarkdown(result.version),
            [count === 0 ? 'clean' : `${count} finding${count === 1 ? '' : 's'}`, ...(result.notes ?? [])]
              .map(escapeMarkdown)
              .join('; '),
          ];
        }
        case 'tool-error':
          return [escapeMarkdown(nameOf(result)), '💥', `tool error: ${escapeMarkdown(result.message)}`];
        case 'skipped':
          return [escapeMarkdown(nameOf(result)), '–', `skipped: ${escapeMarkdown(result.reason)}`];
        default:
          return assertNever(result);
      }
    }),
  );
}

/** For text inside an HTML element, where Markdown's backslashes would show. */
function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\r\n]+/g, ' ');
}

import { assertNever } from '../action/errors.ts';
import { codeBlock, escapeMarkdown, inlineCode, table } from '../summary/markdown.ts';
import { gradeOf, type Finding } from './finding.ts';
import type { Judged } from './judged.ts';
import { describeVerdict, type Verdict } from './policy.ts';
import { countByGrade, newCount, type Report } from './report.ts';
import { nameOf, type ToolResult } from './tool-result.ts';

export interface MarkdownOptions {
  readonly title: string;
  /** Bytes of UTF-8 that the whole may have; tables of findings end where they are used up, and say so. */
  readonly bytes: number;
}

/** The report for people: verdict first, then the tools, then what fails and the rest. */
export function markdownReport(report: Report, options: MarkdownOptions): string {
  const crossing = new Set(report.crossing);
  const others = report.findings.filter((item) => item.waiver === undefined && !crossing.has(item));
  const above = [
    `## ${icon(report.verdict)} ${options.title}: ${report.verdict.kind}`,
    sentence(describeVerdict(report.verdict)),
    countsLine(report),
    ...report.warnings.map((warning) => `> [!WARNING]\n> ${escapeMarkdown(warning)}`),
    toolTable(report.results),
  ];
  const beneath = [...report.results.flatMap(resultTable), ...report.results.flatMap(lastLinesOf)];
  const room: Room = { bytes: options.bytes - bytesOf([...above, ...beneath].join('\n\n')) };
  const sections = [
    ...section('Fails the gate', report.crossing, room),
    ...section(
      'New, below the threshold',
      others.filter((item) => item.state === 'new'),
      room,
    ),
    ...folded(
      'Known before',
      others.filter((item) => item.state === 'unchanged'),
      room,
    ),
    ...waived(report, room),
  ];
  return [...above, ...sections, ...beneath].join('\n\n') + '\n';
}

/** What is left for the tables of findings, which take from it in turn. */
interface Room {
  bytes: number;
}

/** Title, head of the table and the note of a cut, of one section. */
const sectionBytes = 400;

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

function lastLinesOf(result: ToolResult): string[] {
  if (result.status !== 'tool-error' || result.detail.trim() === '') return [];
  const block = codeBlock(result.detail, 'text');
  return [`<details><summary>${escapeHtml(nameOf(result))}: last lines</summary>\n\n${block}\n\n</details>`];
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

function section(title: string, findings: readonly Judged[], room: Room): string[] {
  return findings.length === 0 ? [] : [`### ${title} (${findings.length})`, findingTable(findings, room)];
}

function folded(title: string, findings: readonly Judged[], room: Room): string[] {
  if (findings.length === 0) return [];
  return [
    `<details><summary>${title} (${findings.length})</summary>\n\n${findingTable(findings, room)}\n\n</details>`,
  ];
}

function findingTable(findings: readonly Judged[], room: Room): string {
  const toRow = ({ finding }: Judged): string[] => [
    gradeCell(finding),
    ruleCell(finding.rule, finding.helpUri),
    inlineCode(`${finding.location.path}:${finding.location.startLine}`),
    escapeMarkdown(finding.message.slice(0, 500)),
  ];
  return tableWithin(['Grade', 'Rule', 'Place', 'Message'], findings, toRow, room);
}

/** As many rows as there is room for, and how many of how many when not all. */
function tableWithin(
  head: readonly string[],
  findings: readonly Judged[],
  toRow: (item: Judged) => string[],
  room: Room,
): string {
  const rows: string[][] = [];
  room.bytes -= sectionBytes;
  for (const item of findings) {
    const row = toRow(item);
    const size = bytesOf(row.join(' | ')) + 5;
    if (size > room.bytes) {
      // Later tables do not go on where an earlier, graver one had to end.
      room.bytes = 0;
      break;
    }
    room.bytes -= size;
    rows.push(row);
  }
  const note = `Showing ${rows.length} of ${findings.length}; the JSON report holds them all.`;
  if (rows.length === findings.length) return table(head, rows);
  return rows.length === 0 ? note : `${table(head, rows)}\n\n${note}`;
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

function waived(report: Report, room: Room): string[] {
  const findings = report.findings.filter((item) => item.waiver !== undefined);
  if (findings.length === 0) return [];
  const toRow = ({ finding, waiver }: Judged): string[] => [
    inlineCode(finding.rule),
    inlineCode(finding.location.path),
    escapeMarkdown(waiver?.reason ?? ''),
    waiver?.expires ?? 'no end',
  ];
  const body = tableWithin(['Rule', 'Place', 'Reason', 'Until'], findings, toRow, room);
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

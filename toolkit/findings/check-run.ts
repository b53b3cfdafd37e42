import { assertNever } from '../action/errors.ts';
import type { CheckAnnotation, CheckRun } from '../github/github-port.ts';
import { toAnnotation } from './annotations.ts';
import type { Level } from './finding.ts';
import type { Judged } from './judged.ts';
import { markdownReport } from './markdown-report.ts';
import { describeVerdict, type Verdict } from './policy.ts';
import { newCount, type Report } from './report.ts';

export interface CheckRunOptions {
  /** Name of the check in the list of the commit. */
  readonly name: string;
  readonly headSha: string;
  /** Address of the run; '' for none. */
  readonly detailsUrl: string;
}

/** Twenty requests: GitHub counts them against a limit that all jobs of a repository share. */
const mostAnnotations = 1_000;
/** GitHub takes 65,535 characters; the note above the report needs some. */
const summaryBytes = 60_000;

/** The report as a completed check run: every open finding as an annotation, new ones first, cut and announced. */
export function checkRunOf(report: Report, { name, headSha, detailsUrl }: CheckRunOptions): CheckRun {
  const open = report.findings
    .filter((item) => item.waiver === undefined)
    .sort((a, b) => Number(a.state !== 'new') - Number(b.state !== 'new'));
  const shown = open.slice(0, mostAnnotations);
  const cut =
    shown.length < open.length
      ? `Showing ${shown.length} of ${open.length} findings as annotations; the report holds them all.\n\n`
      : '';
  return {
    name,
    headSha,
    conclusion: conclusionOf(report.verdict),
    title: titleOf(report),
    summary: `${cut}${markdownReport(report, { title: name, bytes: summaryBytes })}`,
    ...(detailsUrl === '' ? {} : { detailsUrl }),
    annotations: shown.map(toCheckAnnotation),
  };
}

function conclusionOf(verdict: Verdict): CheckRun['conclusion'] {
  switch (verdict.kind) {
    case 'pass':
      return 'success';
    case 'findings':
    case 'tool-error':
      return 'failure';
    case 'skipped':
      return 'neutral';
    default:
      return assertNever(verdict);
  }
}

function titleOf(report: Report): string {
  const counts = `${newCount(report)} new of ${report.findings.length}`;
  return report.verdict.kind === 'pass' ? counts : `${describeVerdict(report.verdict)} (${counts})`;
}

const levelNames: Readonly<Record<Level, CheckAnnotation['level']>> = {
  error: 'failure',
  warning: 'warning',
  note: 'notice',
};

function toCheckAnnotation(item: Judged): CheckAnnotation {
  const { level, title, path, startLine, endLine, startColumn, endColumn } = toAnnotation(item);
  const { message, suggestion } = item.finding;
  return {
    path,
    startLine,
    endLine,
    ...(startColumn === undefined ? {} : { startColumn, endColumn }),
    level: levelNames[level],
    message: message === '' ? item.finding.rule : message,
    title: item.state === 'new' ? title : `${title}, known before`,
    ...(suggestion === undefined || suggestion === '' ? {} : { details: `Suggested:\n${suggestion}` }),
  };
}

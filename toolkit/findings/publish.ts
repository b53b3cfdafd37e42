import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conclusion, ActionPorts } from '../action/run-action.ts';
import { assertNever } from '../action/errors.ts';
import { toSarif } from '../sarif/write-sarif.ts';
import { commandAnnotations, type AnnotationPort } from './annotations.ts';
import type { Finding } from './finding.ts';
import { markdownReport } from './markdown-report.ts';
import { describeVerdict } from './policy.ts';
import { reportJson } from './report-json.ts';
import type { Report } from './report.ts';
import type { Ran } from './tool-result.ts';

export interface PublishOptions {
  readonly title: string;
  /** Folder for the SARIF files. */
  readonly sarifDir: string;
  readonly reportFile: string;
  readonly annotate: boolean;
}

/** Less than what a summary may hold: it is written to after the report too. */
const summaryBytes = 850_000;

type PublishPorts = Pick<ActionPorts, 'summary' | 'log'> & {
  readonly annotations: AnnotationPort;
};

/** Writes the report where it is read: SARIF files, JSON, annotations and the summary. Gives the SARIF files. */
export async function publish(
  report: Report,
  ports: PublishPorts,
  options: PublishOptions,
): Promise<readonly string[]> {
  const sarifFiles = await writeSarifFiles(report, options.sarifDir);
  await writeFile(options.reportFile, reportJson(report));
  if (options.annotate) {
    const { shown, of } = commandAnnotations(report.findings);
    for (const annotation of shown) ports.annotations.show(annotation);
    if (shown.length < of)
      ports.log.notice(
        `showing ${shown.length} of ${of} findings as annotations; the summary lists them, the JSON report holds all`,
      );
  }
  await ports.summary.write(markdownReport(report, { title: options.title, bytes: summaryBytes }));
  return sarifFiles;
}

/** Findings and broken tools fail the step; skipped does not, and is not called clean either. */
export function concludeReport(report: Report, ports: Pick<ActionPorts, 'log'>): Conclusion {
  const { verdict } = report;
  switch (verdict.kind) {
    case 'pass':
      ports.log.info(describeVerdict(verdict));
      return { conclusion: 'success' };
    case 'skipped':
      ports.log.notice(`skipped: ${describeVerdict(verdict)}`);
      return { conclusion: 'success' };
    case 'findings':
      return { conclusion: 'failure', message: `E_FINDINGS: ${describeVerdict(verdict)}` };
    case 'tool-error':
      return { conclusion: 'failure', message: `E_TOOL: ${describeVerdict(verdict)}` };
    default:
      return assertNever(verdict);
  }
}

/**
 * One file for each tool and target that ran. A broken or skipped tool gets none: an empty one would close its alerts.
 */
async function writeSarifFiles(report: Report, dir: string): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  // The folder is the user's: only what an earlier run of this action left there goes.
  for (const name of await readdir(dir)) {
    if (name.startsWith(`${report.action}-`) && name.endsWith('.sarif')) await rm(join(dir, name));
  }
  const ran = report.results.filter((result): result is Ran => result.status === 'ran');
  const names = new Set<string>();
  const files: string[] = [];
  for (const result of ran) {
    const own = new Set(result.findings);
    const findings = report.findings.flatMap((item) => {
      const finding = asToldBy(own, item.finding);
      return finding === undefined ? [] : [{ ...item, finding }];
    });
    const category = [report.action, result.tool, ...(result.target === '.' ? [] : [result.target])].join(
      '/',
    );
    const log = toSarif(result, findings, { category, compared: report.baseline.kind === 'compared' });
    const file = join(dir, uniqueName(category, names));
    await writeFile(file, `${JSON.stringify(log, null, 1)}\n`);
    files.push(file);
  }
  return files;
}

/** Of a merged finding each tool's file holds that tool's words, with the common identity and what was decided. */
function asToldBy(own: ReadonlySet<Finding>, finding: Finding): Finding | undefined {
  if (own.has(finding)) return finding;
  const part = finding.parts?.find((each) => own.has(each));
  if (part === undefined) return undefined;
  const { tool, rule, message, location, helpUri } = part;
  return { ...finding, tool, rule, message, location, helpUri };
}

function uniqueName(category: string, taken: Set<string>): string {
  const plain = category.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, 100);
  let name = `${plain}.sarif`;
  for (let count = 2; taken.has(name); count += 1) name = `${plain}-${count}.sarif`;
  taken.add(name);
  return name;
}

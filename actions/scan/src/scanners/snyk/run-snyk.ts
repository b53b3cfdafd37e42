import { endedBy, lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import type { RunResult } from '../../../../../toolkit/process/process.ts';
import type { ScanTools } from '../scanner.ts';
import { parseSnykReport, type SnykItem } from './snyk-report.ts';

export interface SnykCall {
  readonly tool: string;
  readonly target: string;
  readonly args: readonly string[];
  /** What it writes; `snyk code` leaves JSON out when it finds nothing. */
  readonly report?: 'json' | 'sarif';
  /** Snyk looks for projects here. */
  readonly cwd: string;
  readonly toFindings: (item: SnykItem) => readonly Finding[];
}

const noSecrets = 'no snyk-token: runs of forks and of Dependabot do not get it';
const retryAfterMs = 5_000;
const codes = { failed: 2, nothingToScan: 3 };

/**
 * One call of the Snyk CLI. Its codes: 0 clean, 1 vulnerable, 2 it failed and may not the next time, 3 it found
 * nothing it knows. What counts is the report: of several projects some can be looked at and some not.
 */
export async function runSnyk(call: SnykCall, tools: ScanTools): Promise<readonly ToolResult[]> {
  const { tool, target } = call;
  if (tools.inputs.snyk.token === '') return [{ tool, target, status: 'skipped', reason: noSecrets }];
  const snyk = await tools.snyk();
  const report = tools.scratch('snyk.json');
  let result = await start(snyk.path, call, report, tools);
  if (result.code === codes.failed && !/unauthori|authentication|\b401\b/i.test(result.stdout)) {
    await tools.clock.sleep(retryAfterMs, tools.signal);
    result = await start(snyk.path, call, report, tools);
  }
  return readResult(call, { ...result, report: tools.readText(report) ?? '' }, snyk.version);
}

interface SnykRun extends Pick<RunResult, 'code' | 'stdout' | 'stderr' | 'ended'> {
  /** The report; '' when it wrote none. */
  readonly report: string;
}

/** What one run of Snyk says. */
export function readResult(
  call: Pick<SnykCall, 'tool' | 'target' | 'toFindings'>,
  result: SnykRun,
  version: string,
): ToolResult[] {
  const { tool, target } = call;
  const detail = lastLines([result.stdout, result.stderr]);
  const broke = (message: string, where = target): ToolResult => ({
    tool,
    target: where,
    status: 'tool-error',
    message: firstLine(message),
    detail,
  });
  if (result.ended !== 'by-itself') return [broke(endedBy(result.ended))];
  if (result.code === codes.nothingToScan) {
    return [{ tool, target, status: 'skipped', reason: 'Snyk finds nothing here that it can scan' }];
  }
  const items = parseSnykReport(result.report);
  if (items === undefined) {
    const said = firstLine(result.stdout.trim() || result.stderr.trim());
    return [broke(`wrote no report (exit code ${result.code ?? 'none'}): ${said}`)];
  }
  const failures = items.flatMap((item) =>
    item.kind === 'failure'
      ? [broke(item.error, items.length === 1 ? target : `${target}: ${item.path}`)]
      : [],
  );
  // Only people are told of projects that were left out; the report does not hold them.
  const left = /\d+\/\d+ potential projects failed to get dependencies\.[^✔✗]*/.exec(result.stderr);
  if (left !== null) failures.push(broke(left[0].replaceAll(/\s+/g, ' ')));
  // A failing code without a failure in the report: something was not looked at.
  if (failures.length === 0 && result.code !== 0 && result.code !== 1) {
    failures.push(broke(`ended with exit code ${result.code ?? 'none'}`));
  }
  if (items.every((item) => item.kind === 'failure')) return failures;
  const findings = items.flatMap((item) => call.toFindings(item));
  return [{ tool, target, status: 'ran', version, findings }, ...failures];
}

function start(path: string, call: SnykCall, report: string, tools: ScanTools): Promise<RunResult> {
  const { token, org } = tools.inputs.snyk;
  return tools.run(
    [
      path,
      ...call.args,
      `--${call.report ?? 'json'}-file-output=${report}`,
      ...(org === '' ? [] : [`--org=${org}`]),
    ],
    {
      cwd: call.cwd,
      env: { ...tools.snykSettings, SNYK_TOKEN: token, SNYK_DISABLE_ANALYTICS: '1' },
    },
  );
}

function firstLine(text: string): string {
  return (text.trim().split('\n')[0] ?? '').slice(0, 400);
}

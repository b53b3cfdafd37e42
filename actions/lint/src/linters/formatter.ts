import { join } from 'node:path';
import type { Finding } from '../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../toolkit/findings/tool-result.ts';
import type { Argv } from '../../../../toolkit/process/process.ts';
import { hunkFindings } from './hunk-findings.ts';
import type { LintTools, Tree } from './linter.ts';
import { runProgram } from './run-program.ts';
import { parseUnifiedDiff } from './unified-diff.ts';

export interface Formatter {
  readonly tool: string;
  readonly message: string;
  readonly argv: Argv;
  readonly hint: string;
  readonly goodCodes: readonly number[];
  /** A line of its standard error that blames a file: path, line, message. */
  readonly syntaxError: RegExp;
  /** Lines of its standard error that mean nothing; any other is a tool error. */
  readonly noise: RegExp;
}

/** Runs a formatter that prints a unified diff; files it cannot parse are findings, all else it complains of breaks it. */
export async function formatterResult(
  formatter: Formatter,
  files: readonly string[],
  tree: Tree,
  tools: LintTools,
): Promise<ToolResult> {
  const { tool, argv, hint, goodCodes } = formatter;
  const named = { tool, target: '.' };
  const answer = await runProgram({ ...named, argv, files, cwd: tree.root, hint, goodCodes }, tools);
  if (answer.kind === 'broke') return answer.broke;
  const findings: Finding[] = [];
  for (const { code, stdout, stderr } of answer.results) {
    const already = findings.length;
    for (const { file, hunks } of parseUnifiedDiff(stdout)) {
      const before = (tools.readText(join(tree.root, file)) ?? '').split('\n');
      for (const finding of hunkFindings(tool, formatter.message, file, before, hunks))
        findings.push(finding);
    }
    const unread: string[] = [];
    for (const line of stderr.split('\n')) {
      const [, path, at, message] = formatter.syntaxError.exec(line) ?? [];
      if (path !== undefined) {
        findings.push({
          tool,
          rule: 'invalid-syntax',
          level: 'error',
          message: message ?? 'does not parse',
          location: { path, startLine: Math.max(1, Number(at)) },
        });
      } else if (!formatter.noise.test(line)) unread.push(line);
    }
    if (code !== 0 && findings.length === already && unread.length === 0) {
      unread.push(`exit code ${code ?? 'none'} without a word`);
    }
    const blamed = findings.slice(already).some((finding) => finding.rule === 'invalid-syntax');
    if (unread.length > 0 && !blamed) {
      return {
        ...named,
        status: 'tool-error',
        message: (unread[0] ?? '').slice(0, 300),
        detail: unread.join('\n'),
      };
    }
  }
  return { ...named, status: 'ran', version: answer.version, findings };
}

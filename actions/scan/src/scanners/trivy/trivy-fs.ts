import { join } from 'node:path';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import { levelOfSeverity, type Finding } from '../../../../../toolkit/findings/finding.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import type { Scanner, ScanTools, ScanTree } from '../scanner.ts';
import { runTrivy } from './run-trivy.ts';
import { toSeverity, type TrivyLicense, type TrivyResult, type TrivySecret } from './trivy-report.ts';
import { vulnerabilityFindings } from './vulnerability-findings.ts';
import { vulnerabilityTask } from './vulnerability-task.ts';

/** The repository's files: secrets and licences (no database needed), and vulnerabilities of what lockfiles name. */
export const trivyFs = {
  name: 'trivy-fs',
  tasks: (tree, tools) => [
    plainTask('trivy-secret', 'secret', secrets, tree, tools),
    ...(tools.inputs.licenses ? [plainTask('trivy-license', 'license', licenses, tree, tools)] : []),
    lockfileTask(tree, tools),
  ],
} as const satisfies Scanner;

type ToFindings = (tool: string, result: TrivyResult, path: string) => readonly Finding[];

/** A scan that needs no database. */
function plainTask(
  tool: string,
  scanner: string,
  toFindings: ToFindings,
  tree: ScanTree,
  tools: ScanTools,
): Task {
  return {
    tool,
    target: tree.path,
    run: async (): Promise<readonly ToolResult[]> => {
      const answer = await runTrivy(
        {
          tool,
          target: tree.path,
          args: ['fs', `--scanners=${scanner}`, '--skip-dirs=**/node_modules'],
          subject: join(tree.root, tree.path),
        },
        tools,
      );
      if (answer.kind === 'broke') return [answer.broke];
      const findings = (answer.report.Results ?? []).flatMap((result) =>
        toFindings(tool, result, above(result.Target, tree.path)),
      );
      return [{ tool, target: tree.path, status: 'ran', version: answer.version, findings }];
    },
  };
}

function lockfileTask(tree: ScanTree, tools: ScanTools): Task {
  const tool = 'trivy-vuln';
  return vulnerabilityTask(
    {
      tool,
      target: tree.path,
      command: 'fs',
      subject: join(tree.root, tree.path),
      toFindings: (result) => {
        const path = above(result.Target, tree.path);
        return vulnerabilityFindings(tool, result, {
          role: path,
          locate: (lines) => ({ path, startLine: lines?.start ?? 1, endLine: lines?.end }),
        });
      },
    },
    tools,
  );
}

const secrets: ToFindings = (tool, result, path) =>
  (result.Secrets ?? []).map((item) => secretFinding(tool, item, path));

/** The secret itself goes nowhere: Trivy masks it in `Match`, which serves as the identity. */
function secretFinding(tool: string, item: TrivySecret, path: string): Finding {
  const severity = toSeverity(item.Severity);
  return {
    tool,
    rule: item.RuleID,
    message: `${item.Title} in the repository: revoke it, then remove it from the history.`,
    level: levelOfSeverity(severity),
    severity,
    location: { path, startLine: item.StartLine, ...(item.EndLine ? { endLine: item.EndLine } : {}) },
    excerpt: [item.Match],
  };
}

const licenses: ToFindings = (tool, result, path) =>
  (result.Licenses ?? []).map((item) => licenseFinding(tool, item, path));

function licenseFinding(tool: string, item: TrivyLicense, path: string): Finding {
  const severity = toSeverity(item.Severity);
  const what = item.PkgName === '' ? path : item.PkgName;
  return {
    tool,
    rule: item.Name,
    message: `${what} is licensed under ${item.Name}, which counts as ${item.Category}.`,
    level: levelOfSeverity(severity),
    severity,
    location: { path, startLine: 1 },
    excerpt: [`${what} ${item.Name}`],
  };
}

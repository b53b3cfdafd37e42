import { join } from 'node:path';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import { levelOfSeverity, type Finding } from '../../../../../toolkit/findings/finding.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import type { Scanner, ScanTools, ScanTree } from '../scanner.ts';
import { runTrivy } from './run-trivy.ts';
import { toSeverity, type TrivySecret } from './trivy-report.ts';

/** The repository's files: secrets (no database needed) and vulnerabilities of its dependencies. */
export const trivyFs = {
  name: 'trivy-fs',
  tasks: (tree, tools) => [secretTask(tree, tools)],
} as const satisfies Scanner;

function secretTask(tree: ScanTree, tools: ScanTools): Task {
  const tool = 'trivy-secret';
  return {
    tool,
    target: tree.path,
    run: async (): Promise<readonly ToolResult[]> => {
      const answer = await runTrivy(
        {
          tool,
          target: tree.path,
          args: ['fs', '--scanners=secret', '--skip-dirs=**/node_modules'],
          subject: join(tree.root, tree.path),
        },
        tools,
      );
      if (answer.kind === 'broke') return [answer.broke];
      const findings = (answer.report.Results ?? []).flatMap((result) =>
        (result.Secrets ?? []).map((item) => toFinding(tool, item, above(result.Target, tree.path))),
      );
      return [{ tool, target: tree.path, status: 'ran', version: answer.version, findings }];
    },
  };
}

/** The secret itself goes nowhere: Trivy masks it in `Match`, which serves as the identity. */
function toFinding(tool: string, item: TrivySecret, path: string): Finding {
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

import { join } from 'node:path';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import type { ScanTools, ScanTree } from '../scanner.ts';
import { vulnerabilityFindings } from './vulnerability-findings.ts';
import { runWithDatabase } from './with-database.ts';

const tool = 'trivy-vuln';

/** Vulnerabilities of what lockfiles name. Without a database it breaks, or is skipped when the user says so. */
export function lockfileTask(tree: ScanTree, tools: ScanTools): Task {
  const target = tree.path;
  return {
    tool,
    target,
    run: async (): Promise<readonly ToolResult[]> => {
      const answer = await runWithDatabase(
        {
          tool,
          target,
          // Asked to say everything, Trivy names files it cannot read: otherwise a lockfile that is not one would pass
          // for one without vulnerabilities.
          args: ['fs', '--scanners=vuln', '--debug', '--skip-dirs=**/node_modules'],
          subject: join(tree.root, tree.path),
        },
        tools,
      );
      if (answer.kind === 'no-database') return [answer.result];
      if (answer.kind === 'broke') return [answer.broke];
      const findings = (answer.report.Results ?? []).flatMap((result) => {
        const path = above(result.Target, tree.path);
        return vulnerabilityFindings(tool, result, {
          role: path,
          locate: (lines) => ({ path, startLine: lines?.start ?? 1, endLine: lines?.end }),
        });
      });
      const { version, notes } = answer;
      return [{ tool, target, status: 'ran', version, findings, notes }];
    },
  };
}

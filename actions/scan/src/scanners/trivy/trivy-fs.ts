import { join } from 'node:path';
import { above } from '../../../../../toolkit/files/repository-path.ts';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import type { Scanner, ScanTools, ScanTree } from '../scanner.ts';
import { lockfileTask } from './lockfile-task.ts';
import { licenseFinding, secretFinding } from './plain-findings.ts';
import { runTrivy } from './run-trivy.ts';
import type { TrivyResult } from './trivy-report.ts';

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

const secrets: ToFindings = (tool, result, path) =>
  (result.Secrets ?? []).map((item) =>
    secretFinding(tool, item, {
      location: { path, startLine: item.StartLine, ...(item.EndLine ? { endLine: item.EndLine } : {}) },
      advice: 'in the repository: revoke it, then remove it from the history.',
      inside: '',
    }),
  );

const licenses: ToFindings = (tool, result, path) =>
  (result.Licenses ?? []).map((item) =>
    licenseFinding(tool, item, item.PkgName === '' ? path : item.PkgName, {
      location: { path, startLine: 1 },
      advice: '',
      inside: '',
    }),
  );

import { join } from 'node:path';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { isInside } from '../../../toolkit/files/repository-path.ts';
import { fingerprint, type Fingerprinted } from '../../../toolkit/findings/fingerprint.ts';
import { runTasks } from '../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../toolkit/findings/tool-result.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { listFiles } from '../../../toolkit/git/list-files.ts';
import type { Inputs } from './inputs.ts';
import type { ScanTools, ScanTree } from './scanners/scanner.ts';
import { scanners } from './scanners/table.ts';

export interface Observation {
  readonly results: readonly ToolResult[];
  readonly findings: readonly Fingerprinted[];
}

export type ObservePorts = Pick<ActionPorts, 'log' | 'signal'>;

/** Scans the checkout itself. Files that inputs name have to be there. */
export async function observeHead(
  git: Git,
  inputs: Inputs,
  tools: ScanTools,
  ports: ObservePorts,
): Promise<Observation> {
  const files = (await listFiles(git)).filter((file) => isInside(file, inputs.path));
  const named = [
    ...(inputs.charts ?? []).map((chart) => ['charts', join(chart, 'Chart.yaml')] as const),
    ...inputs.environments.flatMap(({ files: list }) => list.map((file) => ['values', file] as const)),
    ['path', inputs.path] as const,
  ];
  for (const [input, file] of named) {
    if (!tools.exists(join(git.dir, file))) {
      throw new UserError(
        'E_CONFIG',
        `input '${input}' needs ${file}, which is not in the repository`,
        `correct '${input}' under 'with:' of the step`,
      );
    }
  }
  return observe({ root: git.dir, files, path: inputs.path }, tools, ports);
}

/** Runs the chosen scanners side by side on a tree. */
export async function observe(
  tree: ScanTree,
  tools: ScanTools,
  ports: ObservePorts,
  pathNow?: (path: string) => string,
): Promise<Observation> {
  const chosen = scanners.filter((scanner) => tools.inputs.scanners.includes(scanner.name));
  const results = await runTasks(
    chosen.flatMap((scanner) => scanner.tasks(tree, tools)),
    ports,
  );
  const findings = results.flatMap((result) => (result.status === 'ran' ? result.findings : []));
  return {
    results,
    findings: fingerprint(findings, (path) => tools.readText(join(tree.root, path)), pathNow),
  };
}

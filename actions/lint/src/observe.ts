import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { formatDuration } from '../../../toolkit/action/duration.ts';
import { fingerprint, type Fingerprinted } from '../../../toolkit/findings/fingerprint.ts';
import { nameOf, type ToolResult } from '../../../toolkit/findings/tool-result.ts';
import type { Inputs } from './inputs.ts';
import { lintTools, readText } from './lint-tools.ts';
import type { Linter, Task, Tree } from './linters/linter.ts';
import { linters } from './linters/table.ts';
import type { WorkFolders } from './work-folders.ts';

export interface Observation {
  readonly results: readonly ToolResult[];
  readonly findings: readonly Fingerprinted[];
}

export type ObservePorts = Pick<ActionPorts, 'process' | 'env' | 'signal' | 'log'> & {
  readonly folders: Pick<WorkFolders, 'scratch'>;
};

/** Runs the linters side by side on a tree. */
export async function observe(
  tree: Tree,
  inputs: Pick<Inputs, 'linters' | 'timeoutMs' | 'eslintVersion' | 'prettierVersion'>,
  ports: ObservePorts,
  pathNow?: (path: string) => string,
): Promise<Observation> {
  const chosen = chooseLinters(tree, inputs.linters);
  if (chosen.length === 0) {
    const reason = 'no configuration of a known linter is in the repository';
    return { results: [{ tool: 'lint', target: '.', status: 'skipped', reason }], findings: [] };
  }
  const tools = lintTools(ports, inputs);
  const tasks = chosen.flatMap((linter) => linter.tasks(tree, tools));
  const results = (await Promise.all(tasks.map((task) => runTask(task, ports)))).flat();
  ports.signal.throwIfAborted();
  const findings = results.flatMap((result) => (result.status === 'ran' ? result.findings : []));
  return { results, findings: fingerprint(findings, (path) => readText(tree.root, path), pathNow) };
}

/** Those named by input, else those whose configuration or files are there. */
export function chooseLinters(tree: Tree, names: readonly string[] | undefined): Linter[] {
  return linters.filter((linter) =>
    names === undefined ? linter.detects(tree) : names.includes(linter.name),
  );
}

async function runTask(task: Task, { log }: Pick<ObservePorts, 'log'>): Promise<readonly ToolResult[]> {
  const started = performance.now();
  const results = await task.run().catch((error: unknown): ToolResult[] => [
    {
      tool: task.tool,
      target: task.target,
      status: 'tool-error',
      message: `could not be run: ${error instanceof Error ? error.message : String(error)}`,
      detail: '',
    },
  ]);
  const took = formatDuration(performance.now() - started);
  for (const result of results) {
    const said =
      result.status === 'ran'
        ? `${result.findings.length} finding${result.findings.length === 1 ? '' : 's'}`
        : result.status === 'skipped'
          ? `skipped: ${result.reason}`
          : `tool error: ${result.message}`;
    log.info(`${nameOf(result)}: ${said} (${took})`);
  }
  return results;
}

import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { fingerprint, type Fingerprinted } from '../../../toolkit/findings/fingerprint.ts';
import { runTasks } from '../../../toolkit/findings/run-tasks.ts';
import type { ToolResult } from '../../../toolkit/findings/tool-result.ts';
import type { ToolCache } from '../../../toolkit/tools/tool-cache.ts';
import { withSuggestions } from './fixes/with-suggestions.ts';
import type { Inputs } from './inputs.ts';
import { lintTools, readText } from './lint-tools.ts';
import type { Linter, LintTools, Tree } from './linters/linter.ts';
import { linters } from './linters/table.ts';
import type { WorkFolders } from '../../../toolkit/findings/work-folders.ts';

export interface Observation {
  readonly results: readonly ToolResult[];
  readonly findings: readonly Fingerprinted[];
}

export type ObservePorts = Pick<ActionPorts, 'process' | 'env' | 'signal' | 'log'> & {
  readonly folders: Pick<WorkFolders, 'scratch'>;
  readonly cache: ToolCache;
};

/** Runs the linters side by side on a tree. */
export async function observe(
  tree: Tree,
  inputs: Pick<Inputs, 'linters' | 'timeoutMs' | 'eslintVersion' | 'prettierVersion'>,
  ports: ObservePorts,
  pathNow?: (path: string) => string,
): Promise<Observation> {
  const tools = lintTools(ports, inputs);
  const chosen = chooseLinters(tree, inputs.linters, tools);
  if (chosen.length === 0) {
    const reason = 'no configuration of a known linter is in the repository';
    return { results: [{ tool: 'lint', target: '.', status: 'skipped', reason }], findings: [] };
  }
  const tasks = chosen.flatMap((linter) => linter.tasks(tree, tools));
  const readSource = (path: string): string | undefined => readText(tree.root, path);
  const results = (await runTasks(tasks, ports)).map((result) =>
    result.status === 'ran' ? { ...result, findings: withSuggestions(result.findings, readSource) } : result,
  );
  ports.signal.throwIfAborted();
  const findings = results.flatMap((result) => (result.status === 'ran' ? result.findings : []));
  return { results, findings: fingerprint(findings, readSource, pathNow) };
}

/** Those named by input, else those whose configuration or files are there, or above the working directory. */
export function chooseLinters(tree: Tree, names: readonly string[] | undefined, tools: LintTools): Linter[] {
  const seen = { ...tree, allFiles: [...tree.allFiles, ...(tree.outerFiles ?? [])] };
  return linters.filter((linter) =>
    names === undefined ? linter.detects(seen, tools) : names.includes(linter.name),
  );
}

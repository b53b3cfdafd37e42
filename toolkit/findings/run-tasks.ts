import { availableParallelism } from 'node:os';
import { ToolError, UserError } from '../action/errors.ts';
import { formatDuration } from '../action/duration.ts';
import type { Log } from '../action/log.ts';
import { nameOf, type ToolResult } from './tool-result.ts';

/** One call of one tool on one target. */
export interface Task {
  readonly tool: string;
  readonly target: string;
  readonly run: () => Promise<readonly ToolResult[]>;
}

/** Runs the tasks side by side, as many as there are processors (two at least), and keeps their order. */
export async function runTasks(
  tasks: readonly Task[],
  ports: { readonly log: Log; readonly signal: AbortSignal },
  limit = Math.max(2, availableParallelism()),
): Promise<ToolResult[]> {
  const results: (readonly ToolResult[])[] = tasks.map(() => []);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < tasks.length && !ports.signal.aborted; at = next++) {
      const task = tasks[at];
      if (task !== undefined) results[at] = await runTask(task, ports.log);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, tasks.length) }, worker));
  ports.signal.throwIfAborted();
  return results.flat();
}

async function runTask(task: Task, log: Log): Promise<readonly ToolResult[]> {
  const started = performance.now();
  const results = await task.run().catch((error: unknown): ToolResult[] => [
    {
      tool: task.tool,
      target: task.target,
      status: 'tool-error',
      message: `could not be run: ${error instanceof Error ? error.message : String(error)}`,
      detail: detailOf(error),
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

function detailOf(error: unknown): string {
  if (error instanceof UserError) return `Next: ${error.hint}`;
  return error instanceof ToolError ? error.stderrTail : '';
}

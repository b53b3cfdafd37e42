import { existsSync } from 'node:fs';
import { toolFolder } from './cache-folder.ts';
import { installTool, type InstallOptions } from './install-tool.ts';
import { startProgress } from './progress.ts';
import { readToolsLock, type Tool } from './tools-lock.ts';

/** Go uses both cores by itself; a second build fills the gaps while the first one links or waits for the network. */
const lanes = 2;

/** Installs the named tools of tools.lock that are missing. Returns tool name → folder. Throws on a name it does not have. */
export async function installTools(
  names: readonly string[],
  options: InstallOptions,
): Promise<ReadonlyMap<string, string>> {
  const all = readToolsLock();
  const tools = names.map((name) => {
    const tool = all.find((candidate) => candidate.name === name);
    if (tool === undefined) throw new Error(`tools.lock has no tool ${name}`);
    return tool;
  });
  const folders = new Map(tools.map((tool) => [tool.name, toolFolder(tool)]));
  const missing = tools
    .filter((tool) => !existsSync(toolFolder(tool)))
    .sort((a, b) => seconds(b) - seconds(a));
  if (missing.length === 0) return folders;

  const progress = startProgress(
    missing.map((tool) => ({ name: tool.name, seconds: seconds(tool) })),
    lanes,
    options.log,
  );
  const controller = new AbortController();
  const signal =
    options.signal === undefined ? controller.signal : AbortSignal.any([options.signal, controller.signal]);
  const queue = [...missing];
  const work = async (): Promise<void> => {
    for (let tool = queue.shift(); tool !== undefined; tool = queue.shift()) {
      progress.begin(tool.name);
      await installTool(tool, { ...options, signal });
      progress.end(tool.name);
      options.log(`tools: ${tool.name} ${tool.version} is ready`);
    }
  };
  try {
    const results = await Promise.allSettled(
      Array.from({ length: lanes }, () =>
        work().catch((error: unknown) => {
          // What failed first is what is told; the other lane is ended and its complaint is a consequence.
          controller.abort(error);
          throw error;
        }),
      ),
    );
    if (results.some((result) => result.status === 'rejected')) throw controller.signal.reason as Error;
  } finally {
    progress.stop();
  }
  return folders;
}

function seconds(tool: Tool): number {
  return tool.recipe.kind === 'go' ? tool.recipe.seconds : 3;
}

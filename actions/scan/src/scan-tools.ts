import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { WorkFolders } from '../../../toolkit/findings/work-folders.ts';
import { childEnv } from '../../../toolkit/process/child-env.ts';
import { findTool, type FoundTool } from '../../../toolkit/tools/find-tool.ts';
import type { ToolCache } from '../../../toolkit/tools/tool-cache.ts';
import { trivySpec } from '../../../toolkit/tools/trivy.ts';
import type { Inputs } from './inputs.ts';
import type { ScanTools } from './scanners/scanner.ts';

type ToolPorts = Pick<ActionPorts, 'process' | 'env' | 'signal' | 'log'> & {
  readonly cache: ToolCache;
  readonly folders: Pick<WorkFolders, 'scratch'>;
};

/** What the scanners may touch. Programs are looked up once, and only when a scanner needs them. */
export async function scanTools(inputs: Inputs, ports: ToolPorts): Promise<ScanTools> {
  const emptyDir = join(ports.folders.scratch, 'empty');
  await mkdir(emptyDir, { recursive: true });
  let count = 0;
  let trivy: Promise<FoundTool> | undefined;
  return {
    inputs,
    emptyDir,
    trivyCache: join(ports.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'trivy'),
    run: (argv, options) =>
      ports.process.run(argv, {
        ...options,
        env: childEnv(ports.env, 'plain', options.env),
        timeoutMs: inputs.timeoutMs,
        signal: ports.signal,
      }),
    scratch: (name) => {
      count += 1;
      return join(ports.folders.scratch, `${count}-${name}`);
    },
    readText: (path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return undefined;
      }
    },
    exists: existsSync,
    trivy: () =>
      (trivy ??= findTool(trivySpec, ports, { ...inputs.trivy, mirror: inputs.toolMirror }).then((found) => {
        ports.log.info(`trivy ${found.version} from ${found.origin}`);
        return found;
      })),
  };
}

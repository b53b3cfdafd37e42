import { ToolError } from '../../toolkit/action/errors.ts';
import { childEnv } from '../../toolkit/process/child-env.ts';
import { systemProcess, type Argv } from '../../toolkit/process/process.ts';

/** Settings of the package managers (mirrors, caches, certificates) that users keep in their environment. */
const managers = /^(GO[A-Z0-9]*|PIP_.*|(npm_config|NPM_CONFIG)_.*|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|CGO_.*)$/;

export interface RunToolOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Runs a program to its end and returns its standard output; any other exit than 0 is a ToolError. */
export async function runTool(argv: Argv, options: RunToolOptions = {}): Promise<string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && managers.test(name)) settings[name] = value;
  }
  const env = childEnv(process.env, 'plain', { ...settings, ...options.env });
  const result = await systemProcess
    .run(argv, {
      env,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    })
    .catch((error: unknown) => {
      throw new ToolError(
        'E_TOOL',
        `${argv[0]} cannot be started`,
        { argv, exitCode: null, stderrTail: String(error) },
        { cause: error },
      );
    });
  options.signal?.throwIfAborted();
  if (result.code !== 0) {
    const stderrTail = result.stderr.trimEnd().split('\n').slice(-8).join('\n');
    throw new ToolError('E_TOOL', `${argv.slice(0, 3).join(' ')} failed`, {
      argv,
      exitCode: result.code,
      stderrTail,
    });
  }
  return result.stdout;
}

import { ToolError } from '../action/errors.ts';
import { childEnv } from '../process/child-env.ts';
import type { ProcessPort, RunResult } from '../process/process.ts';

/** Git in one work tree. Arguments are argv items; output is text with NULs where `-z` was asked for. */
export interface Git {
  readonly dir: string;
  /** Standard output; an exit other than 0 is a ToolError. */
  run(...args: readonly string[]): Promise<string>;
  /** Whatever came out, for calls whose exit code is an answer. */
  try(...args: readonly string[]): Promise<RunResult>;
  /** Like `try`, with a token for the remote; the token goes by environment. */
  tryRemote(...args: readonly string[]): Promise<RunResult>;
}

export interface GitOptions {
  readonly process: ProcessPort;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dir: string;
  readonly signal: AbortSignal;
  /** For fetching from the server the token belongs to. */
  readonly remote?: { readonly serverUrl: string; readonly token: string } | undefined;
}

/** A repository's own configuration must not make git run programs, whoever wrote it. */
const harmless: readonly (readonly [string, string])[] = [
  ['core.quotePath', 'false'],
  ['core.fsmonitor', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['safe.directory', '*'],
  ['protocol.ext.allow', 'never'],
  ['advice.detachedHead', 'false'],
];

export function openGit(options: GitOptions): Git {
  const { process, dir, signal } = options;
  const envWith = (settings: readonly (readonly [string, string])[]): Record<string, string> =>
    childEnv(options.env, 'plain', {
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      // Large files are no text to look at, and fetching them would need the network and a token.
      GIT_LFS_SKIP_SMUDGE: '1',
      GIT_CONFIG_COUNT: String(settings.length),
      ...Object.fromEntries(
        settings.flatMap(([key, value], index) => [
          [`GIT_CONFIG_KEY_${index}`, key],
          [`GIT_CONFIG_VALUE_${index}`, value],
        ]),
      ),
    });
  const call = (args: readonly string[], env: Record<string, string>): Promise<RunResult> =>
    process.run(['git', ...args], { cwd: dir, env, signal, timeoutMs: 300_000 });

  return {
    dir,
    try: (...args) => call(args, envWith(harmless)),
    tryRemote: (...args) => call(args, envWith([...harmless, ...credentials(options.remote)])),
    run: async (...args) => {
      const result = await call(args, envWith(harmless));
      if (result.code === 0) return result.stdout;
      signal.throwIfAborted();
      throw new ToolError('E_TOOL', `git ${args[0] ?? ''} failed`, {
        argv: ['git', ...args],
        exitCode: result.code,
        stderrTail: result.stderr.trim().split('\n').slice(-5).join('\n'),
      });
    },
  };
}

function credentials(remote: GitOptions['remote']): [string, string][] {
  if (remote === undefined || remote.token === '') return [];
  const basic = Buffer.from(`x-access-token:${remote.token}`).toString('base64');
  const key = `http.${remote.serverUrl.replace(/\/$/, '')}/.extraheader`;
  // Empty first: git would otherwise add this header to one that the checkout left behind, and GitHub refuses two.
  return [
    [key, ''],
    [key, `AUTHORIZATION: basic ${basic}`],
  ];
}

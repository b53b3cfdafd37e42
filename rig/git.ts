import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Git with an identity of its own, so that nothing depends on the machine's settings. Returns trimmed output. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Rig',
    GIT_AUTHOR_EMAIL: 'rig@example.com',
    GIT_COMMITTER_NAME: 'Rig',
    GIT_COMMITTER_EMAIL: 'rig@example.com',
    GIT_TERMINAL_PROMPT: '0',
  };
  const { stdout } = await run('git', ['-c', 'safe.directory=*', ...args], {
    cwd,
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

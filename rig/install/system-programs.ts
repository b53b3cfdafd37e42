import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserError } from '../../toolkit/action/errors.ts';
import { runTool } from './run-tool.ts';
import type { InstallOptions } from './install-tool.ts';

/** What the shop's browser test needs of the system: program → Debian package. */
export const browserPrograms = { chromium: 'chromium', chromedriver: 'chromium-driver' } as const;

/** True when a program is on the PATH. */
export function isOnPath(program: string, path = process.env.PATH ?? ''): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The packages whose programs are missing. */
export function missingPackages(
  programs: Readonly<Record<string, string>>,
  isThere: (program: string) => boolean,
): string[] {
  return Object.entries(programs).flatMap(([program, name]) => (isThere(program) ? [] : [name]));
}

/**
 * Installs missing programs with apt, which needs root and changes the system; who is not root is told the command.
 * Throws a UserError then, and where there is no apt.
 */
export async function ensurePrograms(
  programs: Readonly<Record<string, string>>,
  options: InstallOptions,
): Promise<void> {
  await installPackages(missingPackages(programs, isOnPath), options);
}

/** The same for Python and its pip, which is a module and need not be a program. */
export async function ensurePip(options: InstallOptions): Promise<void> {
  const missing = await runTool(['python3', '-m', 'pip', '--version'], { signal: options.signal }).then(
    () => [],
    () => ['python3', 'python3-pip'],
  );
  options.signal?.throwIfAborted();
  await installPackages(missing, options);
}

async function installPackages(missing: readonly string[], { log, signal }: InstallOptions): Promise<void> {
  if (missing.length === 0) return;
  const command = `apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) {
    throw new UserError('E_TOOL', `not installed: ${missing.join(', ')}`, `sudo ${command}`);
  }
  log(`tools: ${command}`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runTool(['apt-get', 'update', '--quiet'], { env, signal });
  await runTool(['apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', ...missing], {
    env,
    signal,
  });
}

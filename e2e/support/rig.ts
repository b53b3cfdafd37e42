import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { toolFolder } from '../../rig/install/cache-folder.ts';
import { readToolsLock } from '../../rig/install/tools-lock.ts';

export interface RigInfo {
  readonly dir: string;
  readonly binDir: string;
  readonly kubeconfig: string;
  readonly prometheusUrl: string;
  readonly gatewayUrl: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The rig that the global set-up started. */
export function rig(): RigInfo {
  const text = process.env.GD_RIG;
  if (text === undefined) throw new Error('no rig: run this through `npm run test:e2e`');
  return JSON.parse(text) as RigInfo;
}

/** PATH of a machine that has Trivy, in the version of tools.lock, and the rig's programs. */
export function pathWithTrivy(): string {
  const trivy = readToolsLock().find(({ name }) => name === 'trivy');
  if (trivy === undefined) throw new Error('tools.lock has no trivy');
  return [toolFolder(trivy), rig().binDir, process.env.PATH ?? ''].join(delimiter);
}

const execute = promisify(execFile);

/** Runs a tool of the rig (kubectl, helm, helmfile …) and gives what it printed; throws with its stderr when it fails. */
export async function tool(
  name: string,
  args: readonly string[],
  options: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<string> {
  const { binDir, env } = rig();
  const { stdout } = await execute(join(binDir, name), args, {
    env: { ...env, ...options.env },
    maxBuffer: 64 * 1024 * 1024,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  return stdout;
}

export async function kubectl(...args: string[]): Promise<string> {
  return tool('kubectl', args);
}

/** One object as JSON. */
export async function getObject<T>(...args: string[]): Promise<T> {
  return JSON.parse(await kubectl('get', ...args, '-o', 'json')) as T;
}

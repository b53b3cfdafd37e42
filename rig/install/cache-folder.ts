import { homedir } from 'node:os';
import { join } from 'node:path';
import { platform } from './platform.ts';
import type { Tool } from './tools-lock.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The per-user cache of a kind of things, such as installed tools. */
export function cacheFolder(kind: string, env: Env = process.env): string {
  const base =
    env.XDG_CACHE_HOME !== undefined && env.XDG_CACHE_HOME !== ''
      ? env.XDG_CACHE_HOME
      : join(homedir(), '.cache');
  return join(base, 'gated-delivery', kind);
}

export function toolsFolder(env: Env = process.env): string {
  return cacheFolder('tools', env);
}

/** Where one version of a tool lives; a folder that exists is complete. */
export function toolFolder(tool: Pick<Tool, 'name' | 'version'>, env: Env = process.env): string {
  return join(toolsFolder(env), tool.name, `${tool.version}-${platform}`);
}

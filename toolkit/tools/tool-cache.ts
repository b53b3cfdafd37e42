import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import * as cache from '@actions/tool-cache';

/** The runner's tool cache and its downloads. */
export interface ToolCache {
  find(name: string, version: string): string | undefined;
  /** Path of the downloaded file. Retried, through the runner's proxy. */
  download(url: string): Promise<string>;
  storeArchive(file: string, kind: 'tar.gz' | 'zip', name: string, version: string): Promise<string>;
  storeFile(file: string, member: string, name: string, version: string): Promise<string>;
}

/** The real one. Outside a runner nothing is cached: find answers undefined. */
export function runnerToolCache(env: Readonly<Record<string, string | undefined>>): ToolCache {
  const usable = (env.RUNNER_TOOL_CACHE ?? '') !== '';
  return {
    find: (name, version) => (usable ? cache.find(name, version) || undefined : undefined),
    download: (url) => cache.downloadTool(url),
    storeArchive: async (file, kind, name, version) => {
      const dir = kind === 'zip' ? await cache.extractZip(file) : await cache.extractTar(file);
      return cache.cacheDir(dir, name, version);
    },
    storeFile: async (file, member, name, version) => {
      const dir = await cache.cacheFile(file, member, name, version);
      await chmod(join(dir, member), 0o755);
      return dir;
    },
  };
}

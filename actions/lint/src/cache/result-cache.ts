import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Finding } from '../../../../toolkit/findings/finding.ts';

/** What a tool said of a whole commit. */
export interface CacheKey {
  readonly tool: string;
  readonly version: string;
  /** Folder it looked at. */
  readonly target: string;
  /** Digest of every configuration file and lockfile it went by. */
  readonly rules: string;
  readonly commit: string;
}

export interface ResultCache {
  /** undefined when there is nothing, or nothing that can be read. */
  load(key: CacheKey): Promise<readonly Finding[] | undefined>;
  save(key: CacheKey, findings: readonly Finding[]): Promise<void>;
}

/** Changes whenever findings are read in another way, so that results of older releases are not compared with. */
const format = 1;

const keptMs = 30 * 24 * 3_600_000;

const stored = v.object({
  format: v.literal(format),
  findings: v.array(
    v.looseObject({
      tool: v.string(),
      rule: v.string(),
      message: v.string(),
      level: v.picklist(['error', 'warning', 'note']),
      location: v.looseObject({ path: v.string(), startLine: v.number() }),
    }),
  ),
});

/** Results by commit in a folder that outlives the job, where there is one. */
export function folderCache(dir: string): ResultCache {
  const fileOf = (key: CacheKey): string => {
    const parts = [format, key.tool, key.version, key.target, key.rules, key.commit];
    return join(dir, `${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}.json`);
  };
  return {
    load: async (key) => {
      const text = await readFile(fileOf(key), 'utf8').catch(() => undefined);
      const read = text === undefined ? undefined : v.safeParse(stored, parseJson(text));
      return read?.success === true ? read.output.findings : undefined;
    },
    save: async (key, findings) => {
      const file = fileOf(key);
      await mkdir(dirname(file), { recursive: true });
      // Another job may read at the same time: a file under its final name is complete.
      const kept = findings.map((finding) => ({ ...finding, fix: undefined, suggestion: undefined }));
      await writeFile(`${file}.${process.pid}`, JSON.stringify({ format, findings: kept }));
      await rename(`${file}.${process.pid}`, file);
      await removeOld(dir);
    },
  };
}

/** The cache below `XDG_CACHE_HOME` or `~/.cache`; undefined where there is no home. */
export function openResults(env: Readonly<Record<string, string | undefined>>): ResultCache | undefined {
  const dir = cacheFolder(env);
  return dir === undefined ? undefined : folderCache(join(dir, 'results'));
}

/** Where this action keeps what a later run can use. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const home = env.HOME === undefined || env.HOME === '' ? undefined : join(env.HOME, '.cache');
  const base = env.XDG_CACHE_HOME === undefined || env.XDG_CACHE_HOME === '' ? home : env.XDG_CACHE_HOME;
  return base === undefined ? undefined : join(base, 'gated-delivery', 'lint');
}

/** Nothing starts from a commit that long ago, and a runner that stays would fill up. */
async function removeOld(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    const { mtimeMs } = await stat(join(dir, name));
    if (Date.now() - mtimeMs > keptMs) await rm(join(dir, name), { force: true });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

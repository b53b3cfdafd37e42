import { copyFile, link, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Log } from '../../../../../toolkit/action/log.ts';
import type { Clock } from '../../../../../toolkit/clock/clock.ts';
import { endedBy } from '../../../../../toolkit/findings/ended-by.ts';
import type { RunResult } from '../../../../../toolkit/process/process.ts';
import { ageInHours, isFresh, newestUsable, readUpdatedAt, type LocalDatabase } from './database-age.ts';
import { fatalLine } from './fatal-line.ts';

/** The database all vulnerability scans of this run use, so that head and base are judged by the same knowledge. */
export type Database =
  | {
      readonly kind: 'ready';
      /** A cache folder of this run alone: no other job can replace the database between two scans. */
      readonly cacheDir: string;
      readonly updatedAt: number;
      readonly ageHours: number;
      readonly warning: string | undefined;
    }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** What jars are called that do not say it themselves, in a database of its own; only scans that meet jars need it. */
export type JavaDatabase =
  | { readonly kind: 'ready'; readonly warning: string | undefined }
  | { readonly kind: 'unreachable'; readonly reason: string };

export interface DatabasePorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** 0 to 1. */
  readonly random: () => number;
  /** A fresh path for a folder of this run. */
  readonly scratch: (name: string) => string;
  /** Trivy's cache of this machine. */
  readonly sharedCache: string;
  /** Has Trivy download a database below a cache folder; from its own default when no mirror is named. */
  readonly download: (kind: DatabaseKind, cacheDir: string, mirror: string | undefined) => Promise<RunResult>;
}

export interface DatabaseKind {
  /** In a cache folder of Trivy. */
  readonly folder: 'db' | 'java-db';
  readonly file: string;
  readonly schema: number;
  readonly name: string;
}

const main: DatabaseKind = { folder: 'db', file: 'trivy.db', schema: 2, name: 'vulnerability database' };
const java: DatabaseKind = {
  folder: 'java-db',
  file: 'trivy-java.db',
  schema: 1,
  name: 'database of Java packages',
};

const longestJitterMs = 3_000;

/** The vulnerability database, in a cache folder of this run alone. */
export async function prepareDatabase(mirrors: readonly string[], ports: DatabasePorts): Promise<Database> {
  const found = await findDatabase(main, mirrors, ports);
  if (found.kind === 'unreachable') return found;
  const { database, warning } = found;
  const cacheDir = ports.scratch('trivy-cache');
  await copyDatabase(main, database.dir, join(cacheDir, main.folder));
  const ageHours = ageInHours(database, ports.clock.now());
  return { kind: 'ready', cacheDir, updatedAt: database.updatedAt, ageHours, warning };
}

/** Puts the database of Java packages into this run's cache folder; mirrors hold it beside the main one. */
export async function addJavaDatabase(
  cacheDir: string,
  mirrors: readonly string[],
  ports: DatabasePorts,
): Promise<JavaDatabase> {
  const beside = mirrors.map(javaMirror).filter((mirror) => mirror !== undefined);
  const found = await findDatabase(java, beside, ports);
  if (found.kind === 'unreachable') return found;
  await copyDatabase(java, found.database.dir, join(cacheDir, java.folder));
  return { kind: 'ready', warning: found.warning };
}

function javaMirror(mirror: string): string | undefined {
  const match = /^(.*)trivy-db(?::\d+)?$/.exec(mirror);
  return match === null ? undefined : `${match[1] ?? ''}trivy-java-db:1`;
}

type FoundDatabase =
  | { readonly kind: 'found'; readonly database: LocalDatabase; readonly warning: string | undefined }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Cache of a day, else the mirrors in order, else the newest of a week with a warning, else why there is none. */
async function findDatabase(
  kind: DatabaseKind,
  mirrors: readonly string[],
  ports: DatabasePorts,
): Promise<FoundDatabase> {
  const { clock, log } = ports;
  const shared = join(ports.sharedCache, kind.folder);
  const cached = await readDatabase(kind, shared);
  if (cached !== undefined && isFresh(cached, clock.now())) {
    return { kind: 'found', database: cached, warning: undefined };
  }
  const known = cached === undefined ? [] : [cached];
  const problems: string[] = [];
  for (const [index, mirror] of (mirrors.length === 0 ? [undefined] : mirrors).entries()) {
    // Many jobs start on the hour; a mirror that is overrun should not pass all of them on at once.
    if (index > 0) await clock.sleep(ports.random() * longestJitterMs, ports.signal);
    const cacheDir = ports.scratch('trivy-database');
    const result = await ports.download(kind, cacheDir, mirror);
    const found = result.code === 0 ? await readDatabase(kind, join(cacheDir, kind.folder)) : undefined;
    const from = mirror ?? 'the public repositories';
    if (found === undefined) {
      const problem = `${from}: ${problemOf(kind, result)}`;
      log.info(`no ${kind.name} from ${problem}`);
      problems.push(problem);
      continue;
    }
    if (isFresh(found, clock.now())) {
      await keep(kind, found, shared, ports);
      return { kind: 'found', database: found, warning: undefined };
    }
    problems.push(`${from}: ${Math.floor(ageInHours(found, clock.now()))} hours old`);
    known.push(found);
  }
  const stale = newestUsable(known, clock.now());
  const why = problems.join('; ');
  if (stale === undefined) return { kind: 'unreachable', reason: why };
  const age = Math.floor(ageInHours(stale, clock.now()));
  const warning = `the ${kind.name} is ${age} hours old, and no newer one can be had (${why})`;
  return { kind: 'found', database: stale, warning };
}

async function readDatabase(kind: DatabaseKind, dir: string): Promise<LocalDatabase | undefined> {
  const text = await readFile(join(dir, 'metadata.json'), 'utf8').catch(() => undefined);
  const updatedAt = readUpdatedAt(text, kind.schema);
  return updatedAt === undefined ? undefined : { dir, updatedAt };
}

/** Puts a new database where later runs on this machine find it. They can do without. */
async function keep(
  kind: DatabaseKind,
  database: LocalDatabase,
  shared: string,
  { log }: DatabasePorts,
): Promise<void> {
  const next = `${shared}.${process.pid}`;
  try {
    await mkdir(dirname(shared), { recursive: true });
    await copyDatabase(kind, database.dir, next);
    await rm(shared, { recursive: true, force: true });
    await rename(next, shared);
  } catch (error) {
    log.debug(`the ${kind.name} is not kept: ${String(error)}`);
    await rm(next, { recursive: true, force: true });
  }
}

/** Links where it can: the real database has hundreds of megabytes. */
async function copyDatabase(kind: DatabaseKind, from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of [kind.file, 'metadata.json']) {
    const [source, target] = [join(from, name), join(to, name)];
    await link(source, target).catch(() => copyFile(source, target));
  }
}

function problemOf({ schema }: DatabaseKind, result: RunResult): string {
  if (result.ended !== 'by-itself') return endedBy(result.ended);
  return result.code === 0 ? `sent something else than a database of schema ${schema}` : fatalLine(result);
}

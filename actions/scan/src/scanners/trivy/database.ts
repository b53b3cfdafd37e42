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
  /** Has Trivy download the database below a cache folder; from its own default when no mirror is named. */
  readonly download: (cacheDir: string, mirror: string | undefined) => Promise<RunResult>;
}

const longestJitterMs = 3_000;

/** Cache of a day, else the mirrors in order, else the newest of a week with a warning, else why there is none. */
export async function prepareDatabase(mirrors: readonly string[], ports: DatabasePorts): Promise<Database> {
  const { clock, log } = ports;
  const shared = join(ports.sharedCache, 'db');
  const cached = await readDatabase(shared);
  if (cached !== undefined && isFresh(cached, clock.now())) return ready(cached, undefined, ports);

  const known = cached === undefined ? [] : [cached];
  const problems: string[] = [];
  for (const [index, mirror] of (mirrors.length === 0 ? [undefined] : mirrors).entries()) {
    // Many jobs start on the hour; a mirror that is overrun should not pass all of them on at once.
    if (index > 0) await clock.sleep(ports.random() * longestJitterMs, ports.signal);
    const cacheDir = ports.scratch('trivy-database');
    const result = await ports.download(cacheDir, mirror);
    const found = result.code === 0 ? await readDatabase(join(cacheDir, 'db')) : undefined;
    if (found === undefined) {
      const problem = `${mirror ?? 'the public repositories'}: ${problemOf(result)}`;
      log.info(`no database from ${problem}`);
      problems.push(problem);
      continue;
    }
    if (isFresh(found, clock.now())) {
      await keep(found, shared, ports);
      return ready(found, undefined, ports);
    }
    problems.push(
      `${mirror ?? 'the public repositories'}: ${Math.floor(ageInHours(found, clock.now()))} hours old`,
    );
    known.push(found);
  }
  const stale = newestUsable(known, clock.now());
  const why = problems.join('; ');
  if (stale === undefined) return { kind: 'unreachable', reason: why };
  const age = Math.floor(ageInHours(stale, clock.now()));
  return ready(
    stale,
    `the vulnerability database is ${age} hours old, and no newer one can be had (${why})`,
    ports,
  );
}

async function readDatabase(dir: string): Promise<LocalDatabase | undefined> {
  const text = await readFile(join(dir, 'metadata.json'), 'utf8').catch(() => undefined);
  const updatedAt = readUpdatedAt(text);
  return updatedAt === undefined ? undefined : { dir, updatedAt };
}

async function ready(
  database: LocalDatabase,
  warning: string | undefined,
  ports: DatabasePorts,
): Promise<Database> {
  const cacheDir = ports.scratch('trivy-cache');
  await copyDatabase(database.dir, join(cacheDir, 'db'));
  const { updatedAt } = database;
  return { kind: 'ready', cacheDir, updatedAt, ageHours: ageInHours(database, ports.clock.now()), warning };
}

/** Puts a new database where later runs on this machine find it. They can do without. */
async function keep(database: LocalDatabase, shared: string, { log }: DatabasePorts): Promise<void> {
  const next = `${shared}.${process.pid}`;
  try {
    await mkdir(dirname(shared), { recursive: true });
    await copyDatabase(database.dir, next);
    await rm(shared, { recursive: true, force: true });
    await rename(next, shared);
  } catch (error) {
    log.debug(`the database is not kept: ${String(error)}`);
    await rm(next, { recursive: true, force: true });
  }
}

/** Links where it can: the real database has hundreds of megabytes. */
async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of ['trivy.db', 'metadata.json']) {
    const [source, target] = [join(from, name), join(to, name)];
    await link(source, target).catch(() => copyFile(source, target));
  }
}

function problemOf(result: RunResult): string {
  if (result.ended !== 'by-itself') return endedBy(result.ended);
  return result.code === 0 ? 'sent something else than a database of schema 2' : fatalLine(result);
}

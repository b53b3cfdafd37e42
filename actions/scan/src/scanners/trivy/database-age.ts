import * as v from 'valibot';

/** A database on this machine. */
export interface LocalDatabase {
  /** Folder that holds the database and its `metadata.json`. */
  readonly dir: string;
  /** When its content was put together, ms since the epoch. */
  readonly updatedAt: number;
}

const hour = 3_600_000;
const freshHours = 24;
const usableHours = 7 * 24;

const metadata = v.object({ Version: v.number(), UpdatedAt: v.string() });

/** When the database was put together (ms), from its `metadata.json`; undefined when that is not one of this schema. */
export function readUpdatedAt(text: string | undefined, schema: number): number | undefined {
  try {
    const parsed = v.safeParse(metadata, JSON.parse(text ?? ''));
    const time =
      parsed.success && parsed.output.Version === schema ? Date.parse(parsed.output.UpdatedAt) : NaN;
    return Number.isNaN(time) ? undefined : time;
  } catch {
    return undefined;
  }
}

/** A day at most: nothing needs to be downloaded. */
export function isFresh(database: LocalDatabase, now: number): boolean {
  return ageInHours(database, now) <= freshHours;
}

/** Newest of the databases that are a week old at most: used with a warning when no fresh one can be had. */
export function newestUsable(databases: readonly LocalDatabase[], now: number): LocalDatabase | undefined {
  return [...databases]
    .filter((database) => ageInHours(database, now) <= usableHours)
    .sort((a, b) => b.updatedAt - a.updatedAt)[0];
}

export function ageInHours({ updatedAt }: LocalDatabase, now: number): number {
  return Math.max(0, (now - updatedAt) / hour);
}

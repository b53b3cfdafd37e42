import { refusedWaiver } from './refused-waiver.ts';

const day = 86_400_000;

/** `YYYY-MM-DD` of a date or RFC 3339 time; a day that is in no calendar is refused, never read as another. */
export function readDate(value: unknown, where: string): string {
  const text = value instanceof Date ? value.toISOString() : value;
  const match =
    typeof text === 'string' ? /^(\d{4}-\d\d-\d\d)(T[\d:.]+(Z|[+-]\d\d:\d\d))?$/.exec(text) : null;
  const [, date = ''] = match ?? [];
  const time = match === null ? NaN : Date.parse(match[2] === undefined ? date : `${date}${match[2]}`);
  const exists = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(time) || Number.isNaN(exists.getTime()) || exists.toISOString().slice(0, 10) !== date) {
    throw refusedWaiver(where, `has the date '${String(text)}', expected YYYY-MM-DD`);
  }
  return date;
}

/** A waiver holds through its last day, UTC. */
export function isExpired(expires: string | undefined, now: number): boolean {
  return expires !== undefined && now >= Date.parse(`${expires}T00:00:00Z`) + day;
}

/** Whole days that are left, the last one counted; undefined when there is no end. */
export function daysLeft(expires: string | undefined, now: number): number | undefined {
  return expires === undefined
    ? undefined
    : Math.ceil((Date.parse(`${expires}T00:00:00Z`) + day - now) / day);
}

import { describe, expect, it } from '@jest/globals';
import { ageInHours, isFresh, newestUsable, readUpdatedAt } from './database-age.ts';

const hour = 3_600_000;
const now = Date.parse('2026-06-15T12:00:00Z');
const aged = (hours: number) => ({ dir: `/${hours}`, updatedAt: now - hours * hour });

describe('the age of a database', () => {
  it('is fresh for a day', () => {
    expect([0, 24, 24.01].map((hours) => isFresh(aged(hours), now))).toEqual([true, true, false]);
  });

  it('lets the newest of a week be used', () => {
    expect(newestUsable([aged(100), aged(30), aged(60)], now)?.dir).toBe('/30');
    expect(newestUsable([aged(168)], now)?.dir).toBe('/168');
    expect(newestUsable([aged(168.1)], now)).toBeUndefined();
  });

  it('is never negative, when a clock is wrong', () => {
    expect(ageInHours(aged(-2), now)).toBe(0);
  });
});

describe('readUpdatedAt', () => {
  it.each([1, 2])('reads schema %d where that is asked for', (schema) => {
    const text = `{"Version":${schema},"UpdatedAt":"2026-06-15T12:00:00.123456789Z"}`;
    expect(readUpdatedAt(text, schema)).toBe(now + 123);
    expect(readUpdatedAt(text, 3 - schema)).toBeUndefined();
  });

  it.each([undefined, '', '{', '[]', '{"Version":1,"UpdatedAt":"2026-06-15T12:00:00Z"}', '{"Version":2}'])(
    'knows nothing from %j',
    (text) => {
      expect(readUpdatedAt(text, 2)).toBeUndefined();
    },
  );
});

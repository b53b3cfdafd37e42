import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLabel, normalise, slugOf } from './slug.ts';

const nasty = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  fc.constantFrom(
    '$(id)',
    'a;rm -rf',
    '1e3',
    '0x10',
    'a.',
    'a..',
    '-',
    '---',
    'İ',
    'K',
    'ﬀ',
    '`id`',
    '~',
    'null',
  ),
  fc.string({ unit: fc.constantFrom('a', 'A', '-', '/', '_', '.', '0', 'é'), minLength: 1, maxLength: 244 }),
  fc.nat().map(String),
);

describe('slugOf', () => {
  it('makes a valid, repeatable label of any branch name', () => {
    fc.assert(
      fc.property(nasty, fc.integer({ min: 23, max: 63 }), fc.boolean(), (branch, max, hashed) => {
        const slug = slugOf(branch, { max, hashed });
        return (
          isLabel(slug, max) &&
          normalise(slug) === slug &&
          slugOf(branch, { max, hashed }) === slug &&
          Number.isNaN(Number(slug))
        );
      }),
      { numRuns: 100_000 },
    );
  });

  it('keeps different branches apart', () => {
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(nasty, (branch) => {
        const slug = slugOf(branch, { max: 55, hashed: true });
        const owner = seen.get(slug) ?? branch;
        seen.set(slug, branch);
        return owner === branch;
      }),
      { numRuns: 100_000, seed: 7 },
    );
    expect(seen.size).toBeGreaterThan(50_000);
  });

  it.each([
    ['feature/a-b', 'feature-a-b-h10b80f5c'],
    ['feature/a/b', 'feature-a-b-hd606f35a'],
    ['Feature/A_B', 'feature-a-b-h'],
    ['$(id)', 'id-'],
    ['1e3', 'b-1e3-'],
    ['…', 'b-'],
    ['\u212a', 'b-'],
  ])('%s → %s…', (branch, start) => {
    expect(slugOf(branch, { max: 55, hashed: true }).startsWith(start)).toBe(true);
  });

  it('cuts a name of 244 characters before the hash', () => {
    expect(slugOf('a'.repeat(244), { max: 30, hashed: true })).toMatch(/^a{11}-[0-9a-f]{8}-h[0-9a-f]{8}$/);
  });

  it('leaves a plain name of an exact entry alone, and hashes one that had to change', () => {
    expect(slugOf('main', { max: 55, hashed: false })).toBe('main');
    expect(slugOf('Main', { max: 55, hashed: false })).toMatch(/^main-h[0-9a-f]{8}$/);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesBranch } from './branch-pattern.ts';

describe('matchesBranch', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'main2', false],
    ['main', 'xmain', false],
    ['Main', 'main', false],
    ['release/*', 'release/1.2', true],
    ['release/*', 'release/1/2', false],
    ['release/*', 'release/', true],
    ['feature/**', 'feature/a/b', true],
    ['feature/**', 'feature', false],
    ['a.b', 'axb', false],
    ['a+(b)', 'ab', false],
    ['a+(b)', 'a+(b)', true],
    ['!main', 'main', false],
    ['!main', 'other', true],
    ['**', 'line\nbreak', true],
  ])('%s on %s: %s', (pattern, branch, expected) => {
    expect(matchesBranch([pattern], branch)).toBe(expected);
  });

  it('takes away what a negation names', () => {
    expect(matchesBranch(['feature/**', '!feature/wip/**'], 'feature/wip/x')).toBe(false);
    expect(matchesBranch(['feature/**', '!feature/wip/**'], 'feature/x')).toBe(true);
  });

  it('reads a pattern without wildcards as nothing but itself', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary' }),
        (name, other) => {
          fc.pre(!name.includes('*') && !name.startsWith('!'));
          expect(matchesBranch([name], name)).toBe(true);
          expect(matchesBranch([name], other)).toBe(name === other);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

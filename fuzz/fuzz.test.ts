import { describe, expect, it } from '@jest/globals';
import { UserError } from '../toolkit/action/errors.ts';
import { runTarget } from './run-target.ts';
import { targets } from './targets/targets.ts';

describe('the fuzzer', () => {
  it('finds a reader that throws what nobody can act on, and gives the text', () => {
    const read = (text: string): void => {
      if (text.includes('{')) throw new TypeError('not foreseen');
    };
    const { crash } = runTarget({ name: 'x', corpus: ['abc'], read }, 2_000, 1);
    expect(crash?.error).toContain('not foreseen');
    expect(crash?.input).toContain('{');
  });

  it('counts refusals with a code', () => {
    const read = (text: string): void => {
      if (text !== 'abc') throw new UserError('E_CONFIG', 'no', 'abc');
    };
    const outcome = runTarget({ name: 'x', corpus: ['abc'], read }, 200, 1);
    expect(outcome).toMatchObject({ crash: undefined, cases: 200 });
    expect(outcome.refused + outcome.accepted).toBe(200);
    expect(outcome.refused).toBeGreaterThan(100);
  });
});

// `npm run fuzz` reads a hundred thousand texts each.
describe.each([...targets])('$name', (target) => {
  it('refuses what it cannot read with a code', () => {
    expect(runTarget(target, 300, 7).crash).toBeUndefined();
  });
});

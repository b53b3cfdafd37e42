import { describe, expect, it } from '@jest/globals';
import { environmentsInput } from './read-input.ts';

describe('environmentsInput', () => {
  it.each([
    ['.github/environments.yml', 'file'],
    ['- {branch: main}', 'inline'],
    ['[{branch: main}]', 'inline'],
    ['# map\n- {branch: main}', 'inline'],
  ])('%s is %s', (input, kind) => {
    expect(environmentsInput(input).kind).toBe(kind);
  });
});

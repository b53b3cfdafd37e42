import { expect, it } from '@jest/globals';
import { checkName } from './tell-github.ts';

it.each([
  [undefined, '.', 'gated-delivery lint'],
  [undefined, 'packages/a', 'gated-delivery lint (packages/a)'],
  [['prettier', 'eslint'], '.', 'gated-delivery lint (eslint, prettier)'],
  [['ruff'], 'packages/a', 'gated-delivery lint (ruff; packages/a)'],
])('the check run for %j in %s is named %s', (linters, workingDirectory, name) => {
  expect(checkName({ linters, workingDirectory })).toBe(name);
});

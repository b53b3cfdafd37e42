import { describe, expect, it } from '@jest/globals';
import { isConfiguration, isLockfile } from './configuration-files.ts';

describe('isLockfile', () => {
  it.each([
    ['package-lock.json', true],
    ['a/.pnp.cjs', true],
    ['poetry.lock', true],
    ['services/a/uv.lock', true],
    ['pdm.lock', true],
    ['Pipfile', true],
    ['Pipfile.lock', true],
    ['pylock.toml', true],
    ['pylock.dev.toml', true],
    ['requirements.txt', true],
    ['requirements-dev.txt', true],
    ['dev_requirements.txt', true],
    ['requirements/base.txt', true],
    ['docs/functional-requirements.md', false],
    ['requirementsx.txt', false],
    ['poetry.lock.md', false],
    ['notes.txt', false],
  ])('%s: %s', (path, expected) => {
    expect(isLockfile(path)).toBe(expected);
  });
});

describe('isConfiguration', () => {
  it.each([
    ['a/eslint.config.js', true],
    ['pyproject.toml', true],
    ['.kubeconform/widget-example-v1.json', true],
    ['a/.kubeconform/widget-example-v1.json', false],
    ['widget-example-v1.json', false],
  ])('%s: %s', (path, expected) => {
    expect(isConfiguration(path)).toBe(expected);
  });
});

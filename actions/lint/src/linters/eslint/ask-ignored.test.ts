import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemProcess } from '../../../../../toolkit/process/process.ts';
import { readText } from '../../lint-tools.ts';
import type { LintTools, Tree } from '../linter.ts';
import { eslint } from './eslint.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ignored-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const broken = 'throw new Error("on purpose");\n';
const installs = { 8: 'eslint-8', 9: 'eslint-9', 10: 'eslint' };

/** Status by folder, of the real ESLint on a tree of these files. */
async function lint(release: keyof typeof installs, texts: Record<string, string>) {
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  mkdirSync(join(root, 'node_modules'));
  symlinkSync(join(process.cwd(), 'node_modules', installs[release]), join(root, 'node_modules/eslint'));
  let count = 0;
  const tools = {
    run: (argv, options) =>
      systemProcess.run(argv, { ...options, env: { PATH: process.env.PATH ?? '', ...options.env } }),
    scratch: (name) => join(root, `scratch-${(count += 1)}-${name}`),
    readText: (path) => readText('', path),
    readJson: (path) => {
      const text = readText('', path);
      return text === undefined ? undefined : (JSON.parse(text) as unknown);
    },
    exists: () => false,
    wanted: {},
  } as Partial<LintTools> as LintTools;
  const files = Object.keys(texts);
  const tree: Tree = { root, allFiles: files, files, whole: true, workingDirectory: '.' };
  const results = await Promise.all(eslint.tasks(tree, tools).map((task) => task.run()));
  return Object.fromEntries(results.flat().map(({ target, status }) => [target, status]));
}

describe('a nested configuration in a folder that one above ignores', () => {
  it.each([9, 10] as const)('is skipped with ESLint %i, and one that is not stays', async (release) => {
    const texts = {
      'eslint.config.mjs': "export default [{ ignores: ['fixtures/**', '**/eslint.config.*'] }];\n",
      'a.js': '1;\n',
      'fixtures/bad/eslint.config.mjs': broken,
      'fixtures/bad/a.js': '1;\n',
      'packages/bad/eslint.config.mjs': broken,
      'packages/bad/a.js': '1;\n',
    };
    expect(await lint(release, texts)).toEqual({
      '.': 'ran',
      'fixtures/bad': 'skipped',
      'packages/bad': 'tool-error',
    });
  });

  it('is skipped with ESLint 8, where the old style adds up', async () => {
    const texts = {
      '.eslintrc.json': '{ "root": true, "ignorePatterns": ["fixtures/"] }',
      'a.js': '1;\n',
      'fixtures/bad/.eslintrc.json': '{ "root": true, "extends": "not-there" }',
      'fixtures/bad/a.js': '1;\n',
      'packages/bad/.eslintrc.json': '{ "root": true, "extends": "not-there" }',
      'packages/bad/a.js': '1;\n',
    };
    expect(await lint(8, texts)).toEqual({
      '.': 'ran',
      'fixtures/bad': 'skipped',
      'packages/bad': 'tool-error',
    });
  });

  it('is linted where the one above cannot be asked', async () => {
    const texts = {
      'eslint.config.mjs': broken,
      'a.js': '1;\n',
      'packages/good/eslint.config.mjs': 'export default [];\n',
      'packages/good/a.js': '1;\n',
    };
    expect(await lint(10, texts)).toEqual({ '.': 'tool-error', 'packages/good': 'ran' });
  });
});

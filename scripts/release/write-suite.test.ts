import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { writeSuite } from './write-suite.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suite-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('writes what consumers use, stamped, and nothing else', async () => {
  const root = join(folder, 'root');
  const files: Record<string, string> = {
    'package.json':
      '{"name":"gated-delivery","version":"1.2.3","license":"MIT","devDependencies":{"jest":"1"}}',
    'action.yml': 'runs:\n  steps:\n    - uses: $/actions/lint\n',
    'actions/lint/action.yml': 'name: lint\n',
    'actions/lint/dist/index.js': '// bundle\n',
    'actions/lint/src/index.ts': '// source\n',
    '.github/workflows/deploy.yml':
      'on:\n  workflow_call:\njobs:\n  a:\n    steps:\n      - uses: $/actions/lint\n',
    '.github/workflows/ci.yml': 'on: [push]\n',
    LICENSE: 'MIT\n',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const out = join(folder, 'out');

  const written = await writeSuite(root, out, { repository: 'o/r', ref: 'v1' });

  expect(written).toEqual([
    '.github/workflows/deploy.yml',
    'LICENSE',
    'action.yml',
    'actions/lint/action.yml',
    'actions/lint/dist',
    'package.json',
  ]);
  expect(await readFile(join(out, '.github/workflows/deploy.yml'), 'utf8')).toContain(
    'uses: o/r/actions/lint@v1',
  );
  expect(await readFile(join(out, 'action.yml'), 'utf8')).toContain('uses: o/r/actions/lint@v1');
  expect(JSON.parse(await readFile(join(out, 'package.json'), 'utf8'))).toEqual({
    name: 'gated-delivery',
    version: '1.2.3',
    license: 'MIT',
    private: true,
    type: 'module',
  });
});

import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { commitRelease } from './commit-release.ts';

let root: string;
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', root, '-c', 'user.name=ada', '-c', 'user.email=a@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

const files: Record<string, string> = {
  'package.json': '{"name":"gated-delivery","version":"1.2.3","license":"MIT"}',
  'actions/lint/action.yml': 'name: lint\n',
  'actions/lint/dist/index.js': '// bundle\n',
  'actions/lint/src/index.ts': '// source\n',
  '.github/workflows/validate.yml':
    'on:\n  workflow_call:\njobs:\n  a:\n    steps:\n      - uses: $/actions/lint\n',
  '.github/workflows/pipeline.yml':
    'on:\n  workflow_call:\njobs:\n  a:\n    uses: $/.github/workflows/validate.yml\n',
  '.gitignore': 'dist/\n',
};

async function write(more: Record<string, string> = {}): Promise<string> {
  for (const [path, text] of Object.entries({ ...files, ...more })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  git('add', '--all', '--force');
  git('commit', '--quiet', '--message', 'source');
  return git('rev-parse', 'HEAD');
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'source-'));
  git('init', '--quiet', '--initial-branch=main');
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

it('makes commits whose references all lead to what they name, and moves no branch', async () => {
  const source = await write();
  const made = await commitRelease(root, { repository: 'o/r', ref: source }, '1.2.3');
  expect(made.source).toBe(source);
  expect(git('show', `${made.release}:.github/workflows/pipeline.yml`)).toContain(
    `uses: o/r/.github/workflows/validate.yml@${made.workflows}`,
  );
  expect(git('show', `${made.workflows}:.github/workflows/validate.yml`)).toContain(
    `uses: o/r/actions/lint@${source}`,
  );
  expect(git('show', `${source}:actions/lint/dist/index.js`)).toBe('// bundle');
  expect(git('ls-tree', '-r', '--name-only', made.release).split('\n')).toEqual([
    '.github/workflows/pipeline.yml',
    '.github/workflows/validate.yml',
    'actions/lint/action.yml',
    'actions/lint/dist/index.js',
    'package.json',
  ]);
  expect(git('log', '--format=%s', made.release)).toBe('Release 1.2.3\nWorkflows of 1.2.3\nsource');
  expect([git('rev-parse', 'HEAD'), git('status', '--porcelain')]).toEqual([source, '']);
});

it('makes the same commits of the same source again', async () => {
  const stamp = { repository: 'o/r', ref: await write() };
  expect(await commitRelease(root, stamp, '1.2.3')).toEqual(await commitRelease(root, stamp, '1.2.3'));
});

it('refuses workflows that call each other over more levels', async () => {
  const top = 'on:\n  workflow_call:\njobs:\n  a:\n    uses: $/.github/workflows/pipeline.yml\n';
  const source = await write({ '.github/workflows/top.yml': top });
  await expect(commitRelease(root, { repository: 'o/r', ref: source }, '1.2.3')).rejects.toThrow(
    'top.yml calls pipeline.yml, which calls others',
  );
});

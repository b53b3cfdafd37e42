import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { docBlocks } from './doc-blocks.ts';

let folder: string;
let script: string;
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=ada', '-c', 'user.email=a@example.com', ...args], {
    encoding: 'utf8',
  }).trim();

function commit(...paths: string[]): string {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${Math.random()}\n`);
  }
  git('add', '--all');
  git('commit', '--quiet', '--message', 'change');
  return git('rev-parse', 'HEAD');
}

/** What the recipe's step says changed, as a runner would run it. */
function changed(before: string): unknown {
  const output = join(folder, '.git', 'output');
  writeFileSync(output, '');
  execFileSync('bash', ['-e', '-c', script], {
    cwd: folder,
    env: { ...process.env, BEFORE: before, GITHUB_OUTPUT: output },
  });
  return JSON.parse(readFileSync(output, 'utf8').replace('services=', ''));
}

interface Shown {
  readonly jobs: { readonly changes: { readonly steps: readonly { readonly run?: string }[] } };
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'monorepo-'));
  git('init', '--quiet', '--initial-branch=main');
  const block = docBlocks().find(({ page, text }) => page.endsWith('monorepo.md') && text.includes('jobs:'));
  const { jobs } = parse(block?.text ?? '') as Shown;
  script = jobs.changes.steps.find(({ run }) => run !== undefined)?.run ?? '';
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('finds the services that any commit of a push changed', () => {
  const before = commit('services/shop/a', 'services/search/a', 'services/mail/a', 'services/README.md');
  expect(changed('0'.repeat(40))).toEqual(['mail', 'search', 'shop']);
  commit('services/shop/a', 'services/README.md');
  commit('services/search/b');
  const last = commit('NOTES.md');
  expect(changed(before)).toEqual(['search', 'shop']);
  expect(changed(last)).toEqual([]);
  expect(changed('1'.repeat(40))).toEqual(['mail', 'search', 'shop']);
});

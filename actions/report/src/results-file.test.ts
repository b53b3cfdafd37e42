import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readResults, writeResults } from './results-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'results-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it('brings back what it wrote', async () => {
  const path = await writeResults(folder, []);
  expect(await readResults(path)).toEqual([]);
});

it('knows a run that left nothing', async () => {
  expect(await readResults(join(folder, 'none.json'))).toBeUndefined();
});

it.each([
  ['a link', async (path: string) => symlink('/etc/hostname', path), 'cannot be opened'],
  ['a folder', async (path: string) => mkdir(path), 'is no plain file'],
  ['a large file', async (path: string) => writeFile(path, ' '.repeat(70_000)), 'is no plain file'],
  ['what is not JSON', async (path: string) => writeFile(path, '{'), 'is not JSON'],
] as const)('refuses %s', async (_, make, message) => {
  const path = join(folder, 'results.json');
  await make(path);
  await expect(readResults(path)).rejects.toThrow(message);
});

import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Git } from './git.ts';

/**
 * Files of the work tree that are tracked or not ignored. Symbolic links are left out: they lead to files seen
 * anyway, or outside.
 */
export async function listFiles(git: Git): Promise<string[]> {
  const text = await git.run('ls-files', '-z', '--cached', '--others', '--exclude-standard');
  const files = [...new Set(text.split('\0').filter((file) => file !== ''))];
  return files.filter((file) => isFile(git.dir, file));
}

function isFile(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false;
}

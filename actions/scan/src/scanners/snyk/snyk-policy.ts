import { constants } from 'node:fs';
import { copyFile, lstat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nameIn } from '../../../../../toolkit/files/repository-path.ts';
import type { ScanTools, ScanTree } from '../scanner.ts';

const empty = 'version: v1.25.0\nignore: {}\npatch: {}\n';

/** Snyk obeys a policy file of the tree; a change that is to be merged must not bring its own. */
export async function policyFile(tree: ScanTree, tools: ScanTools): Promise<string> {
  const folder = tools.scratch('snyk-policy');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, '.snyk'), tree.snykPolicy ?? empty);
  return folder;
}

const ignoring = ['.snyk', '.dcignore', '.gitignore'];

/**
 * The tracked files, for `snyk code`: it takes no path of a policy file, and leaves out what `.snyk`, `.dcignore` and
 * `.gitignore` of any folder name. So it gets a copy without them, under the policy that may be obeyed.
 */
export async function copyForCode(tree: ScanTree, tools: ScanTools): Promise<string> {
  const folder = tools.scratch('snyk-code');
  const top = join(folder, tree.path);
  await mkdir(top, { recursive: true });
  for (const file of tree.files) {
    const from = join(tree.root, file);
    const stat = await lstat(from).catch(() => undefined);
    if (stat?.isFile() !== true || ignoring.includes(nameIn(file))) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await copyFile(from, join(folder, file), constants.COPYFILE_FICLONE);
  }
  await writeFile(join(top, '.snyk'), tree.snykPolicy ?? empty);
  return top;
}

import { copyFileSync, existsSync, statSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../toolkit/action/errors.ts';
import { runTool } from './run-tool.ts';
import type { RecipeOf } from './tools-lock.ts';

/**
 * Unpacks Debian packages into the cache, without root and without installing them. Each program becomes a script that
 * runs the unpacked file with the unpacked libraries. Throws a UserError where there is no apt.
 */
export async function unpackFromDebian(
  recipe: RecipeOf<'debian'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) {
    const names = recipe.packages.join(' ');
    throw new UserError(
      'E_TOOL',
      `there is no apt-get to download ${names}`,
      'use a Debian or Ubuntu machine',
    );
  }
  const work = join(target, '.debs');
  const root = join(target, 'root');
  await mkdir(work, { recursive: true });
  await runTool(['apt-get', '--quiet', '--quiet', 'download', ...recipe.packages], { cwd: work, signal });
  for (const name of await readdir(work)) {
    if (name.endsWith('.deb')) await runTool(['dpkg-deb', '--extract', join(work, name), root], { signal });
  }
  await rm(work, { recursive: true, force: true });
  await gatherLibraries(root);
  for (const [name, path] of Object.entries(recipe.files)) {
    const script = [
      '#!/bin/bash',
      'here=$(dirname "$(readlink -f "$0")")',
      'LD_LIBRARY_PATH="$here/root/libraries" exec -a "$(basename "$0")" "$here/root/' + path + '" "$@"',
      '',
    ].join('\n');
    await writeFile(join(target, name), script.replace('#!/bin/bash', '#!/bin/bash'));
    await chmod(join(target, name), 0o755);
  }
}

/** All shared libraries in one folder, whatever the machine's name for its architecture. */
async function gatherLibraries(root: string): Promise<void> {
  await mkdir(join(root, 'gathered'), { recursive: true });
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!/\.so(\.|$)/.test(entry.name) || entry.parentPath.endsWith('gathered')) continue;
    const from = join(entry.parentPath, entry.name);
    // Symbolic links are followed: version links lie beside their files.
    if (existsSync(from) && statSync(from).isFile()) copyFileSync(from, join(root, 'gathered', entry.name));
  }
  await rename(join(root, 'gathered'), join(root, 'libraries'));
}

import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';
import type { RecipeOf } from './tools-lock.ts';
import { readZipMember } from './unzip.ts';

/** Takes files out of a wheel. pip checks the hash of what it downloads; nothing is installed into Python. */
export async function installFromPypi(
  recipe: RecipeOf<'pypi'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const work = join(target, '.pip');
  await mkdir(work, { recursive: true });
  const hashes = Object.values(recipe.sha256).map((hash) => `--hash=sha256:${hash}`);
  await writeFile(
    join(work, 'requirements.txt'),
    `${recipe.package}==${recipe.version} ${hashes.join(' ')}\n`,
  );
  await runTool(
    [
      'python3',
      ...['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--require-hashes'],
      ...['--only-binary', ':all:', '--dest', work, '--requirement', join(work, 'requirements.txt')],
    ],
    { signal },
  );
  const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip brought no wheel of ${recipe.package} ${recipe.version}`);
  for (const [name, member] of Object.entries(recipe.files)) {
    await writeFile(join(target, name), readZipMember(join(work, wheel), member));
    await chmod(join(target, name), 0o755);
  }
  await rm(work, { recursive: true, force: true });
}

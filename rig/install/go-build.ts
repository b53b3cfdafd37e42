import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goModText } from './go-mod-text.ts';
import { fetchGoModule } from './go-module.ts';
import { runTool } from './run-tool.ts';
import type { RecipeOf } from './tools-lock.ts';

/** Builds a module's main packages into `target`. Go's own caches make a repeat quick. */
export async function buildWithGo(
  recipe: RecipeOf<'go'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const { dir, goMod } = await fetchGoModule(recipe, signal);
  const work = join(target, '.build');
  await mkdir(work, { recursive: true });
  const text = goModText({ ...recipe, goMod: await readFile(goMod, 'utf8') });
  await writeFile(join(work, 'go.mod'), text);
  // The project's own hashes of its dependencies: they hold even where the checksum database cannot be asked.
  if (existsSync(join(dir, 'go.sum'))) await copyFile(join(dir, 'go.sum'), join(work, 'go.sum'));
  // A copy out of the read-only module cache is read-only too.
  await runTool(['chmod', '-R', 'u+w', work], { signal });

  const options = {
    cwd: work,
    signal,
    env: { ...recipe.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off' },
  };
  const packages = Object.entries(recipe.packages);
  const tags = recipe.tags === undefined ? [] : ['-tags', recipe.tags];
  for (const [, path] of packages) {
    await runTool(['go', 'get', ...tags, '-tool', `${path}@${recipe.version}`], options);
  }
  for (const [name, path] of packages) {
    await runTool(
      [
        'go',
        'build',
        '-trimpath',
        ...tags,
        `-ldflags=-s -w ${recipe.ldflags}`,
        '-o',
        join(target, name),
        path,
      ],
      options,
    );
  }
  await rm(work, { recursive: true, force: true });
}

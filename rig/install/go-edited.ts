import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fetchGoModule } from './go-module.ts';
import { runTool } from './run-tool.ts';
import { applyEdit, type SourceEdit } from './source-edits.ts';
import type { RecipeOf } from './tools-lock.ts';

const repository = join(import.meta.dirname, '..', '..');

/** Builds a module's main packages from a copy of its source with the edits of a YAML file applied. */
export async function buildEditedWithGo(
  recipe: RecipeOf<'go-edited'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const { dir } = await fetchGoModule(recipe, signal);
  const source = join(target, '.source');
  await cp(dir, source, { recursive: true });
  // A copy out of the read-only module cache is read-only too.
  await runTool(['chmod', '-R', 'u+w', source], { signal });
  for (const edit of parse(await readFile(join(repository, recipe.edits), 'utf8')) as SourceEdit[]) {
    const path = join(source, edit.file);
    await writeFile(path, applyEdit(await readFile(path, 'utf8'), edit));
  }
  for (const [name, path] of Object.entries(recipe.packages)) {
    await runTool(
      ['go', 'build', '-trimpath', `-ldflags=-s -w ${recipe.ldflags}`, '-o', join(target, name), path],
      { cwd: source, signal, env: { CGO_ENABLED: '0', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off' } },
    );
  }
  await rm(source, { recursive: true, force: true });
}

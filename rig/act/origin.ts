import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../git.ts';

export interface Origin {
  /** Bare repository with every ref of the consumer's. */
  readonly bare: string;
  /** A work tree of the commit the event is about: act reads the workflow from it. */
  readonly workTree: string;
  readonly sha: string;
}

/** Makes the bare `origin` of a run and a work tree at its commit. */
export async function prepareOrigin(options: {
  readonly repoDir: string;
  readonly ref: string;
  readonly sha?: string | undefined;
  readonly outDir: string;
}): Promise<Origin> {
  const { repoDir, ref, outDir } = options;
  await mkdir(outDir, { recursive: true });
  const bare = join(outDir, 'origin.git');
  const workTree = join(outDir, 'repository');
  await git(outDir, 'init', '--quiet', '--bare', '--initial-branch=main', bare);
  await git(bare, 'fetch', '--quiet', repoDir, '+refs/*:refs/*');
  // Like GitHub's server: a shallow fetch of any commit is allowed.
  await git(bare, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  const sha = options.sha ?? (await git(bare, 'rev-parse', `${ref}^{commit}`));
  await git(outDir, 'clone', '--quiet', '--no-checkout', `file://${bare}`, workTree);
  await git(workTree, 'fetch', '--quiet', 'origin', sha);
  await git(workTree, 'checkout', '--quiet', '--detach', sha);
  return { bare, workTree, sha };
}

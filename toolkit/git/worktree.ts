import { rm } from 'node:fs/promises';
import type { Git } from './git.ts';

/** Checks `commit` out beside the work tree at `dir` for as long as `body` runs. Submodules and LFS files stay out. */
export async function withWorktree<T>(
  git: Git,
  commit: string,
  dir: string,
  body: (dir: string) => Promise<T>,
): Promise<T> {
  await rm(dir, { recursive: true, force: true });
  await git.run('worktree', 'prune');
  await git.run('worktree', 'add', '--detach', '--force', '--quiet', dir, commit);
  try {
    return await body(dir);
  } finally {
    // With the signal aborted git would not run: the folder goes first, `prune` of the next run does the rest.
    await rm(dir, { recursive: true, force: true });
    await git.try('worktree', 'prune').catch(() => undefined);
  }
}

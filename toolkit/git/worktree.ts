import { rm } from 'node:fs/promises';
import { ToolError, UserError } from '../action/errors.ts';
import { lastLines } from '../findings/ended-by.ts';
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
  try {
    await addWorktree(git, dir, commit);
    return await body(dir);
  } finally {
    // With the signal aborted git would not run: the folder goes first, `prune` of the next run does the rest.
    await rm(dir, { recursive: true, force: true });
    await git.try('worktree', 'prune').catch(() => undefined);
  }
}

/** A filter that git is told to require (git-crypt, say) and that does not run here leaves no checkout to compare with. */
async function addWorktree(git: Git, dir: string, commit: string): Promise<void> {
  const args = ['worktree', 'add', '--detach', '--force', '--quiet', dir, commit] as const;
  const { code, stderr } = await git.try(...args);
  if (code === 0) return;
  const [, file, filter] = /^fatal: (.+?): smudge filter (.+?) failed$/m.exec(stderr) ?? [];
  if (file === undefined || filter === undefined) {
    const stderrTail = lastLines([stderr], 5);
    throw new ToolError('E_TOOL', 'git worktree failed', {
      argv: ['git', ...args],
      exitCode: code,
      stderrTail,
    });
  }
  throw new UserError(
    'E_TOOL',
    `the base cannot be checked out to compare with: git's filter '${filter}' fails for ${file}`,
    `make the filter work in this job, or set \`new-only: false\``,
  );
}

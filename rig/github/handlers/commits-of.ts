import { git } from '../../git.ts';
import type { RepositoryState } from '../state.ts';
import { Refusal, notFound } from './call.ts';

/** Runs git in the repository's folder; GitHub's 404 when it fails or there is none. */
export async function gitOrNotFound(repository: RepositoryState, ...args: string[]): Promise<string> {
  if (repository.git === undefined) throw notFound();
  return git(repository.git, ...args).catch(() => {
    throw notFound();
  });
}

/** The full SHA of a commit, branch or tag. Without a git repository behind it any full SHA counts as existing. */
export async function resolveCommit(repository: RepositoryState, name: string): Promise<string> {
  if (repository.git === undefined) {
    if (/^[0-9a-f]{40}$/.test(name)) return name;
    throw notFound();
  }
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, `refs/${name}`, name]) {
    const sha = await git(repository.git, 'rev-parse', '--verify', '--quiet', `${candidate}^{commit}`).catch(
      () => '',
    );
    if (sha !== '') return sha;
  }
  throw notFound();
}

/** As `resolveCommit` for writes, which name a commit only and are refused with 422. */
export async function requireCommit(repository: RepositoryState, sha: string): Promise<string> {
  return resolveCommit(repository, sha).catch(() => {
    throw new Refusal(422, `No commit found for SHA: ${sha}`);
  });
}

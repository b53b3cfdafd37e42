import { UserError } from '../action/errors.ts';
import type { Git } from './git.ts';

const sha = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/**
 * The commit where `base` and the head part. A shallow clone is deepened step by step until it is known.
 * Undefined when it cannot be found even so: the caller must not go on as if nothing had changed.
 */
export async function mergeBase(
  git: Git,
  base: string,
  log: (line: string) => void,
): Promise<string | undefined> {
  if (base.startsWith('-') || base.includes('\0')) {
    throw new UserError('E_CONFIG', `'${base}' is not a branch or commit`, "correct 'base'");
  }
  const known = await ask(git, base);
  if (known !== undefined) return known;
  const shallow = (await git.try('rev-parse', '--is-shallow-repository')).stdout.trim() === 'true';
  if (!shallow && (await resolves(git, base))) return undefined;
  for (const depth of shallow ? ['--deepen=50', '--deepen=500', '--unshallow'] : ['']) {
    log(`fetching more history to find the merge base with ${base} ${depth}`.trimEnd());
    const wanted = sha.test(base) ? base : `+refs/heads/${base}:refs/remotes/origin/${base}`;
    const options = depth === '' ? [] : [depth];
    const fetched = await git.tryRemote('fetch', '--no-tags', '--quiet', ...options, 'origin', wanted);
    if (fetched.code !== 0) return undefined;
    const found = await ask(git, base);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function ask(git: Git, base: string): Promise<string | undefined> {
  for (const name of candidates(base)) {
    const result = await git.try('merge-base', name, 'HEAD');
    const found = result.stdout.trim();
    if (result.code === 0 && sha.test(found)) return found;
  }
  return undefined;
}

async function resolves(git: Git, base: string): Promise<boolean> {
  for (const name of candidates(base)) {
    const result = await git.try('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
    if (result.code === 0) return true;
  }
  return false;
}

/** A branch is meant as the remote has it: a local branch of that name may be stale. */
function candidates(base: string): string[] {
  return sha.test(base) ? [base] : [`refs/remotes/origin/${base}`, base];
}

import { UserError } from '../action/errors.ts';
import type { GitHubContext } from '../action/github-context.ts';
import { changedFiles, type ChangedFile } from './changed-files.ts';
import type { Git } from './git.ts';
import { mergeBase } from './merge-base.ts';

/** What this run adds to the base, or why that is not known. */
export type Change =
  | { readonly kind: 'known'; readonly base: string; readonly files: readonly ChangedFile[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** A pull request or a merge queue's group: code that is to be merged. */
export function isProposal(github: GitHubContext): boolean {
  return ['pull_request', 'pull_request_target', 'merge_group'].includes(github.eventName);
}

/** Commit or branch to compare with: the input, else what the event says. */
export function baseOf(github: GitHubContext, input: string): string | undefined {
  if (input !== '') return input;
  const { event, eventName } = github;
  if (eventName === 'merge_group') return text(event, 'merge_group', 'base_sha');
  if (eventName === 'pull_request' || eventName === 'pull_request_target') {
    return text(event, 'pull_request', 'base', 'sha') ?? (github.baseRef === '' ? undefined : github.baseRef);
  }
  const before = eventName === 'push' ? text(event, 'before') : undefined;
  return before === undefined || /^0+$/.test(before) ? undefined : before;
}

/** Finds the merge base and what changed since. */
export async function observeChange(
  git: Git,
  github: GitHubContext,
  baseInput: string,
  log: (line: string) => void,
): Promise<Change> {
  const base = baseOf(github, baseInput);
  if (base === undefined) return { kind: 'unknown', reason: 'this event has no base to compare with' };
  const found = await mergeBase(git, base, log);
  if (found === undefined) {
    return {
      kind: 'unknown',
      reason: `the merge base with ${base} is not in this clone and cannot be fetched`,
    };
  }
  return { kind: 'known', base: found, files: await changedFiles(git, found, 'HEAD') };
}

/**
 * `pull_request_target` and `workflow_run` see secrets; with a stranger's head checked out, linters and scanners
 * would run its code beside them. Throws E_UNSAFE_EVENT then. `path` is the folder of the repository that is looked at:
 * the head may be checked out there beside the base.
 */
export async function refuseUntrustedHead(git: Git, github: GitHubContext, path = '.'): Promise<void> {
  const { eventName } = github;
  if (eventName !== 'pull_request_target' && eventName !== 'workflow_run') return;
  for (const folder of new Set(['.', path])) await refuseFolder(git, github, folder);
}

async function refuseFolder(
  git: Git,
  { event, eventName, sha, repository }: GitHubContext,
  folder: string,
): Promise<void> {
  const listed = await git.try('-C', folder, 'rev-list', '--parents', '-n', '1', 'HEAD');
  // No such folder: reading the inputs tells.
  if (listed.code !== 0 && folder !== '.') return;
  const commits = listed.stdout.trim().split(/\s+/);
  const untrusted =
    eventName === 'pull_request_target'
      ? text(event, 'pull_request', 'head', 'sha')
      : text(event, 'workflow_run', 'head_repository', 'full_name') === repository
        ? undefined
        : text(event, 'workflow_run', 'head_sha');
  const elsewhere = eventName === 'pull_request_target' && sha !== '' && commits[0] !== sha;
  if (elsewhere || (untrusted !== undefined && commits.includes(untrusted))) {
    throw new UserError(
      'E_UNSAFE_EVENT',
      `${eventName} with code of the pull request checked out would run it beside this repository's secrets`,
      'use the `pull_request` event for this job',
    );
  }
}

/** A file as the base has it; undefined when it has none or is not known. */
export async function textOfBase(git: Git, change: Change, path: string): Promise<string | undefined> {
  if (change.kind === 'unknown') return undefined;
  const shown = await git.try('show', `${change.base}:${path}`);
  return shown.code === 0 ? shown.stdout : undefined;
}

/** Where a path of the base is now. */
export function renames(files: readonly ChangedFile[]): (path: string) => string {
  const moved = new Map<string, string>();
  for (const file of files) if (file.from !== undefined) moved.set(file.from, file.path);
  return (path) => moved.get(path) ?? path;
}

/** The string at a path of keys in the event; undefined when there is none. */
export function text(value: unknown, ...keys: readonly string[]): string | undefined {
  let at = value;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return typeof at === 'string' && at !== '' ? at : undefined;
}

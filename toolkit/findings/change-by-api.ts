import { describeError } from '../action/describe-error.ts';
import type { GitHubContext } from '../action/github-context.ts';
import { headShaOf, pullRequestOf } from './proposal.ts';
import type { Log } from '../action/log.ts';
import { baseOf, observeChange, type Change } from '../git/change.ts';
import type { ChangedFile } from '../git/changed-files.ts';
import type { Git } from '../git/git.ts';
import type { GitHubPort, PullRequestFile } from '../github/github-port.ts';

export interface ChangeByApi {
  readonly change: Change;
  /** Whether the merge base can be checked out here. */
  readonly hasBase: boolean;
}

export interface ChangePorts {
  readonly git: Git;
  readonly github: GitHubContext;
  readonly api: Pick<GitHubPort, 'listPullRequestFiles' | 'findMergeBase'> | undefined;
  readonly signal: AbortSignal;
}

/** What this run adds to the base: by git, else, unless `base` was named by input, as GitHub knows it. */
export async function findChange(
  base: string,
  ports: ChangePorts & { readonly log: Log },
): Promise<ChangeByApi> {
  const log = (line: string): void => {
    ports.log.info(line);
  };
  const change = await observeChange(ports.git, ports.github, base, log);
  if (change.kind === 'known') return { change, hasBase: true };
  if (base !== '') return { change, hasBase: false };
  const asked = await changeByApi(ports);
  if (asked.change.kind === 'unknown') return unknown(`${change.reason}; ${asked.change.reason}`);
  log(`${change.reason}: GitHub told what changed since ${asked.change.base}`);
  return asked;
}

/** What a pull request changes, as GitHub itself knows it: for a clone whose history cannot be fetched. */
export async function changeByApi({ git, github, api, signal }: ChangePorts): Promise<ChangeByApi> {
  const number = pullRequestOf(github);
  const baseSha = baseOf(github, '');
  if (api === undefined) return unknown('there is no token to ask GitHub with');
  if (number === undefined || baseSha === undefined) return unknown('the event is no pull request');
  try {
    const { files, complete } = await api.listPullRequestFiles(number);
    if (!complete) return unknown(`GitHub lists only ${files.length} of the changed files`);
    const base = await api.findMergeBase(baseSha, headShaOf(github));
    const change = { kind: 'known', base, files: files.map(toChangedFile) } as const;
    return { change, hasBase: await fetchCommit(git, base) };
  } catch (error) {
    if (signal.aborted) throw error;
    return unknown(`GitHub was asked too: ${describeError(error).message.split('\n')[0] ?? ''}`);
  }
}

function unknown(reason: string): ChangeByApi {
  return { change: { kind: 'unknown', reason }, hasBase: false };
}

/** One commit without its history is all that a comparison needs. */
async function fetchCommit(git: Git, sha: string): Promise<boolean> {
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha)) return false;
  const isHere = async (): Promise<boolean> =>
    (await git.try('cat-file', '-e', `${sha}^{commit}`)).code === 0;
  if (await isHere()) return true;
  await git.tryRemote('fetch', '--no-tags', '--quiet', '--depth=1', 'origin', sha);
  return isHere();
}

function toChangedFile({ path, status, previousPath }: PullRequestFile): ChangedFile {
  switch (status) {
    case 'renamed':
      return { path, from: previousPath, status: 'renamed' };
    case 'added':
    case 'copied':
      return { path, status: 'added' };
    case 'removed':
      return { path, status: 'deleted' };
    case 'modified':
    case 'changed':
    case 'unchanged':
      return { path, status: 'modified' };
  }
}

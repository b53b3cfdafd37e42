import { mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { GitHubContext } from '../action/github-context.ts';

/** Where this run reads and writes. */
export interface WorkFolders {
  /** The checkout, as its real path: tools report real paths. */
  readonly repository: string;
  readonly scratch: string;
  readonly worktree: string;
  readonly sarif: string;
  readonly report: string;
}

/** Makes the folders of one run; several steps of one job do not share them. */
export async function workFolders(
  action: string,
  github: GitHubContext,
  sarif: string,
): Promise<WorkFolders> {
  const repository = await realpath(github.workspace);
  const temp = await realpath(github.runnerTemp === '' ? tmpdir() : github.runnerTemp);
  const base = join(temp, 'gated-delivery', `${action}-${process.pid}`);
  const scratch = join(base, 'scratch');
  await mkdir(scratch, { recursive: true });
  return {
    repository,
    scratch,
    worktree: join(base, 'base'),
    sarif: sarif === '' ? join(base, 'sarif') : resolve(repository, sarif),
    report: join(base, 'report.json'),
  };
}

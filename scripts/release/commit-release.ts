import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stamp } from './stamp.ts';
import { writeSuite } from './write-suite.ts';

export interface ReleaseCommits {
  /** Its actions are what the release uses. */
  readonly source: string;
  /** Its workflows are what workflows of the release call. */
  readonly workflows: string;
  /** What tags point to. */
  readonly release: string;
}

/**
 * Writes the commits of a release into the repository at `root` and moves no branch. A commit cannot name itself, so
 * there are two on top of the source: one whose workflows use the source's actions, and the release, whose workflows
 * call those. The same source gives the same commits everywhere. Throws when workflows call each other over more levels.
 */
export async function commitRelease(
  root: string,
  { ref: source, ...target }: Stamp,
  version: string,
): Promise<ReleaseCommits> {
  const work = await mkdtemp(join(tmpdir(), 'release-'));
  try {
    const commit = async (stamp: Stamp, parent: string, message: string): Promise<string> => {
      const tree = join(work, parent);
      await writeSuite(root, tree, stamp);
      await refuseDeeperCalls(tree, target.repository);
      return commitFolder(root, tree, { parent, source, message });
    };
    const workflows = await commit({ ...target, ref: source }, source, `Workflows of ${version}`);
    const release = await commit(
      { ...target, ref: source, workflowRef: workflows },
      workflows,
      `Release ${version}`,
    );
    return { source, workflows, release };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Commits a folder as it is, with author and time of the source, and returns the commit. */
function commitFolder(
  root: string,
  folder: string,
  { parent, source, message }: { parent: string; source: string; message: string },
): string {
  const [name = '', email = '', time = ''] = git(
    root,
    {},
    'show',
    '-s',
    '--format=%an%n%ae%n%aI',
    source,
  ).split('\n');
  const env = {
    GIT_INDEX_FILE: `${folder}.index`,
    ...{ GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: time },
    ...{ GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email, GIT_COMMITTER_DATE: time },
  };
  const own = ['-c', 'core.autocrlf=false', '-c', 'core.excludesFile=', '-c', 'commit.gpgSign=false'];
  git(root, env, ...own, `--work-tree=${folder}`, 'add', '--all', '--force', '.');
  const tree = git(root, env, 'write-tree');
  return git(root, env, ...own, 'commit-tree', tree, '-p', parent, '-m', message);
}

async function refuseDeeperCalls(folder: string, repository: string): Promise<void> {
  const path = join(folder, '.github/workflows');
  const calls = new Map<string, string[]>();
  for (const name of await readdir(path)) {
    const text = await readFile(join(path, name), 'utf8');
    const pattern = new RegExp(`uses: ${repository}/\\.github/workflows/([^@\\s]+)@`, 'g');
    calls.set(
      name,
      [...text.matchAll(pattern)].map(([, called = '']) => called),
    );
  }
  for (const [name, called] of calls) {
    const deep = called.find((other) => (calls.get(other) ?? []).length > 0);
    if (deep !== undefined)
      throw new Error(`${name} calls ${deep}, which calls others: a release has two levels`);
  }
}

function git(root: string, env: Readonly<Record<string, string>>, ...args: string[]): string {
  const options = { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } } as const;
  return execFileSync('git', args, options).trim();
}

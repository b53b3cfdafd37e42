import { complete, type JsonObject } from '../complete.ts';
import type { RepositoryState } from '../state.ts';
import { renderCommit } from './commits.ts';
import { gitOrNotFound, resolveCommit } from './commits-of.ts';
import { notFound, type Handlers } from './call.ts';

const letters: Readonly<Record<string, string>> = {
  A: 'added',
  M: 'modified',
  D: 'removed',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};
/** GitHub shows no more files of a comparison or a pull request than this. */
const maxFiles = 300;

/** The files that differ between the merge base of two commits and the second one. */
export async function changedFiles(
  repository: RepositoryState,
  base: string,
  head: string,
): Promise<JsonObject[]> {
  const text = await gitOrNotFound(repository, 'diff', '--name-status', '-z', '-M', `${base}...${head}`);
  const fields = text.split('\0').filter((field) => field !== '');
  const files: JsonObject[] = [];
  while (fields.length > 0) {
    const letter = fields.shift()?.[0] ?? '';
    const first = fields.shift() ?? '';
    const second = letter === 'R' || letter === 'C' ? fields.shift() : undefined;
    files.push({
      filename: second ?? first,
      status: letters[letter] ?? 'modified',
      ...(second === undefined ? {} : { previous_filename: first }),
    });
  }
  return files;
}

export const compare: Handlers = {
  'repos/compare-commits-with-basehead': async (call) => {
    const { repository, params } = call;
    const [baseName = '', headName] = (params.basehead ?? '').split('...');
    if (headName === undefined) throw notFound();
    const base = await resolveCommit(repository, baseName);
    const head = await resolveCommit(repository, headName);
    const mergeBase = await gitOrNotFound(repository, 'merge-base', base, head);
    const list = async (range: string): Promise<string[]> =>
      (await gitOrNotFound(repository, 'rev-list', '--reverse', range))
        .split('\n')
        .filter((sha) => sha !== '');
    const ahead = await list(`${base}..${head}`);
    const behind = await list(`${head}..${base}`);
    const files = await changedFiles(repository, base, head);
    const status =
      ahead.length === 0
        ? behind.length === 0
          ? 'identical'
          : 'behind'
        : behind.length === 0
          ? 'ahead'
          : 'diverged';
    const commits = await Promise.all(ahead.map((sha) => renderCommit(call, sha)));
    return {
      items: commits,
      wrap: (page, total) =>
        complete('commit-comparison', {
          base_commit: { sha: base },
          merge_base_commit: { sha: mergeBase },
          status,
          ahead_by: ahead.length,
          behind_by: behind.length,
          total_commits: total,
          commits: page,
          files: files.slice(0, maxFiles),
        }),
    };
  },
};

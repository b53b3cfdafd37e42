import type { Chapter } from '../../../toolkit/github/story/chapter.ts';
import { parseChapters } from '../../../toolkit/github/story/story.ts';
import type { FinishedRun } from './subject.ts';

/**
 * What a run of foreign code may claim: how its checks came out, and nothing about a deploy. Commit, run and time are
 * taken from GitHub and not from the file. undefined: the file is no such list.
 */
export function checkedClaims(data: unknown, { sha, runUrl, at }: FinishedRun): Chapter[] | undefined {
  return parseChapters(data)
    ?.filter(({ subject }) => subject === 'lint' || subject === 'scan' || subject === 'tests')
    .map((chapter) => ({ ...chapter, sha, runUrl, at }));
}

import { describeError } from '../../../toolkit/action/describe-error.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { GitHubPort } from '../../../toolkit/github/github-port.ts';
import type { Chapter } from '../../../toolkit/github/story/chapter.ts';
import { statusOf } from '../../../toolkit/github/story/commit-status.ts';
import { tellStory } from '../../../toolkit/github/story/tell-story.ts';

export interface Publication {
  readonly isComplete: boolean;
  readonly pullRequest: number | undefined;
}

/**
 * Sets the commit statuses and writes the comment. What cannot be said is a warning: it must not turn a delivery red
 * that went well.
 */
export async function publish(
  { log, signal }: Pick<ActionPorts, 'log' | 'signal'>,
  github: GitHubPort,
  subject: { readonly sha: string; readonly pullRequest: number | undefined },
  chapters: readonly Chapter[],
): Promise<Publication> {
  let isComplete = true;
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      isComplete = false;
      log.warning(describeError(error).message);
      return undefined;
    }
  };
  if (chapters.length === 0) return { isComplete, pullRequest: subject.pullRequest };
  await attempt(async () => {
    for (const chapter of chapters) await github.createCommitStatus(statusOf(chapter));
  });
  const number =
    subject.pullRequest ??
    (await attempt(async () => (await github.findPullRequestBySha(subject.sha))?.number));
  if (number !== undefined) await attempt(() => tellStory(github, number, chapters));
  return { isComplete, pullRequest: number };
}

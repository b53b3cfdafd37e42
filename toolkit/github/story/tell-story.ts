import type { GitHubPort } from '../github-port.ts';
import type { Chapter } from './chapter.ts';
import { renderStory } from './render-story.ts';
import { readStoryData } from './story-data.ts';
import { addChapter } from './story.ts';

/** Adds chapters to the one comment on the pull request that tells the story of the change. */
export async function tellStory(
  github: Pick<GitHubPort, 'editStickyComment'>,
  pullRequest: number,
  chapters: readonly Chapter[],
): Promise<'created' | 'updated' | 'unchanged'> {
  return github.editStickyComment({
    issue: pullRequest,
    marker: 'story',
    edit: (current) => renderStory(chapters.reduce(addChapter, readStoryData(current))),
  });
}

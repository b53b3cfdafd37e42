import { storyText } from '../../../toolkit/github/story/render-story.ts';
import type { Story } from '../../../toolkit/github/story/story.ts';
import { escapeMarkdown } from '../../../toolkit/summary/markdown.ts';

/** The job summary: the story of this run, and who will tell it on the pull request. */
export function summary(story: Story, deferred: string): string {
  const later =
    deferred === ''
      ? []
      : ['', `This run may not comment (${escapeMarkdown(deferred)}); the results are kept as an artifact.`];
  return [storyText(story), ...later].join('\n');
}

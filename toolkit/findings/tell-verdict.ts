import type { GitHubPort } from '../github/github-port.ts';
import type { Chapter } from '../github/story/chapter.ts';
import { renderStory } from '../github/story/render-story.ts';
import { readStoryData } from '../github/story/story-data.ts';
import { addChapter } from '../github/story/story.ts';
import { describeVerdict } from './policy.ts';
import { newCount, type Report } from './report.ts';

type FindingsChapter = Extract<Chapter, { subject: 'lint' | 'scan' }>;

/** What a report adds to the story of a change. `at` is RFC 3339 in UTC with whole seconds. */
export function findingsChapter(
  report: Report,
  about: Pick<FindingsChapter, 'subject' | 'sha' | 'at' | 'runUrl'>,
): FindingsChapter {
  const { verdict } = report;
  return {
    ...about,
    outcome: verdict.kind,
    newCount: newCount(report),
    totalCount: report.findings.length,
    note: verdict.kind === 'pass' ? '' : oneLine(describeVerdict(verdict)),
  };
}

/**
 * Adds the chapter to the one comment on the pull request. A comment that says the same of the same commit already
 * is left alone: a later run with the same outcome is no news.
 */
export async function tellVerdict(
  github: Pick<GitHubPort, 'editStickyComment'>,
  pullRequest: number,
  chapter: FindingsChapter,
): Promise<'created' | 'updated' | 'unchanged'> {
  return github.editStickyComment({
    issue: pullRequest,
    marker: 'story',
    edit: (current) => {
      const story = readStoryData(current);
      const isTold = story.chapters.some((other) => newsOf(other) === newsOf(chapter));
      return isTold ? current : renderStory(addChapter(story, chapter));
    },
  });
}

/** As the story keeps it, so that what was told compares equal. */
function oneLine(text: string): string {
  return Array.from(text.replaceAll(/\s+/g, ' ').trim()).slice(0, 500).join('');
}

function newsOf(chapter: Chapter): string {
  return JSON.stringify(Object.entries({ ...chapter, at: '', runUrl: '' }).sort());
}

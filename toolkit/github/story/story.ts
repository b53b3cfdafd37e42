import * as v from 'valibot';
import { chapterSchema, environmentOf, subjects, type Chapter } from './chapter.ts';

export interface Story {
  readonly chapters: readonly Chapter[];
}

export const emptyStory: Story = { chapters: [] };

/** More are dropped, the oldest first: a story is about one change. */
const longest = 60;

const place = (chapter: Chapter): string => `${environmentOf(chapter)}\n${chapter.subject}`;

/**
 * The story with one more chapter. A later chapter on the same subject and environment replaces an earlier one; what
 * was said of another commit before in the same place is dropped. Adding one twice changes nothing, and chapters of
 * different subjects can arrive in any order.
 */
export function addChapter(story: Story, chapter: Chapter): Story {
  const same = story.chapters.find((other) => place(other) === place(chapter));
  if (same !== undefined && same.at > chapter.at) return story;
  const overtaken = story.chapters.some((other) => concerns(other, chapter) && other.at > chapter.at);
  if (overtaken) return story;
  const kept = story.chapters.filter((other) => other !== same && !concerns(other, chapter));
  return { chapters: [...kept, chapter].sort(inOrder).slice(-longest) };
}

/** Whether two chapters tell of different commits in one place, of which only the later can be true now. */
function concerns(other: Chapter, chapter: Chapter): boolean {
  return other.sha !== chapter.sha && environmentOf(other) === environmentOf(chapter);
}

function inOrder(a: Chapter, b: Chapter): number {
  const environments = environmentOf(a).localeCompare(environmentOf(b), 'en');
  return environments === 0 ? subjects.indexOf(a.subject) - subjects.indexOf(b.subject) : environments;
}

/** Reads chapters that came from elsewhere (a comment, an artifact of a fork); undefined when they are not such. */
export function parseChapters(data: unknown): Chapter[] | undefined {
  const result = v.safeParse(v.pipe(v.array(chapterSchema), v.maxLength(longest)), data);
  return result.success ? result.output : undefined;
}

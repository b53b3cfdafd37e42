import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { addChapter, emptyStory } from '../../../toolkit/github/story/story.ts';
import type { Chapter } from '../../../toolkit/github/story/chapter.ts';
import { summary } from './summary.ts';

const about = { sha: 'a'.repeat(40), at: '2026-05-01T10:00:00Z', runUrl: 'https://github.com/r/5', note: '' };
const chapters: Chapter[] = [
  { ...about, subject: 'lint', outcome: 'findings', newCount: 1, totalCount: 4 },
  { ...about, subject: 'tests', outcome: 'pass' },
];

it('tells the story, and who will tell it on the pull request', () => {
  const text = summary(chapters.reduce(addChapter, emptyStory), 'the pull request comes from stranger/shop');
  expect(`${text}\n`).toBe(readFileSync(new URL('__golden__/fork.md', import.meta.url), 'utf8'));
});

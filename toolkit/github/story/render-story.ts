import { escapeMarkdown, inlineCode, table } from '../../summary/markdown.ts';
import { environmentOf, type Chapter } from './chapter.ts';
import { headline } from './headline.ts';
import { outcomeText } from './outcome-text.ts';
import { storyData } from './story-data.ts';
import type { Story } from './story.ts';

/** The comment that tells how a change fares, with hidden data to go on from. */
export function renderStory(story: Story): string {
  return [storyText(story), '', storyData(story)].join('\n');
}

/** A headline and one row per step. */
export function storyText(story: Story): string {
  const rows = story.chapters.map((chapter) => [
    step(chapter),
    escapeMarkdown(outcomeText(chapter)),
    [escapeMarkdown(chapter.note), ...links(chapter)].filter((text) => text !== '').join(' '),
    inlineCode(chapter.sha.slice(0, 12)),
  ]);
  return [
    '### Delivery',
    '',
    `**${escapeMarkdown(headline(story))}**`,
    '',
    table(['step', 'outcome', 'why', 'commit'], rows),
  ].join('\n');
}

function step(chapter: Chapter): string {
  const environment = environmentOf(chapter);
  return environment === '' ? chapter.subject : `${chapter.subject} ${inlineCode(environment)}`;
}

function links(chapter: Chapter): string[] {
  const link = (text: string, address: string): string[] =>
    address === '' ? [] : [`[${text}](<${address.replaceAll(/[<>|\\]/g, encodeURIComponent)}>)`];
  const site = chapter.subject === 'deploy' ? link('open', chapter.url) : [];
  return [...site, ...link('run', chapter.runUrl)];
}

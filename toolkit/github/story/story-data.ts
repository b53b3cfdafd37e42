import { emptyStory, parseChapters, addChapter, type Story } from './story.ts';

const pattern = /<!-- data ([A-Za-z0-9+/=]+) -->/;

/** A hidden line that carries the story, so that the next job can go on telling it. */
export function storyData(story: Story): string {
  const bytes = new TextEncoder().encode(JSON.stringify(story.chapters));
  return `<!-- data ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))} -->`;
}

/** The story a comment carries; an empty one when there is none, or none that can be read. */
export function readStoryData(comment: string): Story {
  const encoded = pattern.exec(comment)?.[1];
  if (encoded === undefined) return emptyStory;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    const chapters = parseChapters(JSON.parse(new TextDecoder().decode(bytes)));
    return (chapters ?? []).reduce(addChapter, emptyStory);
  } catch {
    return emptyStory;
  }
}

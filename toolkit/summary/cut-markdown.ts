/** Cuts Markdown to at most `bytes` of UTF-8 at a line's end, closes an open fence and says that it was cut. */
export function cutMarkdown(markdown: string, bytes: number): string {
  const encoder = new TextEncoder();
  const size = encoder.encode(markdown).length;
  if (size <= bytes) return markdown;
  const note = `\n\n_Cut here: the whole text is ${size} bytes, more than a summary may hold._\n`;
  const room = bytes - encoder.encode(note).length - 200;
  const kept: string[] = [];
  let used = 0;
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    used += encoder.encode(line).length + 1;
    if (used > room) break;
    kept.push(line);
    const mark = /^(`{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.length >= fence.length) fence = undefined;
    }
  }
  if (fence !== undefined) kept.push(fence);
  return kept.join('\n') + note;
}

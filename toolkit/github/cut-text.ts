/** At most this many characters, the last of them an ellipsis when some were left out. */
export function cutText(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** Characters that GitHub takes of a description. */
export const descriptionLength = 140;

import type { TextEdit } from '../../../../../toolkit/findings/finding.ts';

interface Place {
  readonly row: number;
  /** From 1, in characters: an emoji counts one, where JavaScript counts two. */
  readonly column: number;
}

/** Ruff's edits by row and column as edits by offset. */
export function toEdits(
  edits: readonly { readonly content: string; readonly location: Place; readonly end_location: Place }[],
  text: string,
): TextEdit[] {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length);
  const offset = ({ row, column }: Place): number => {
    const line = Array.from(lines[row - 1] ?? '');
    return (starts[row - 1] ?? text.length) + line.slice(0, column - 1).join('').length;
  };
  return edits.map((edit) => ({
    from: offset(edit.location),
    to: offset(edit.end_location),
    text: edit.content,
  }));
}

import type { TextEdit } from '../../../../toolkit/findings/finding.ts';

export interface Fix {
  /** All of them or none. */
  readonly edits: readonly TextEdit[];
  /** The formatter whose text these edits lead to together; undefined: each was made without the others. */
  readonly formatter?: string | undefined;
}

/**
 * The text after one pass of fixes, and how many went in. Of fixes that touch each other only the first goes in, as the
 * others were made for a text that is gone; the next run finds what is left.
 */
export function applyFixes(text: string, fixes: readonly Fix[]): { text: string; applied: number } {
  const valid = fixes.filter(({ edits }) => edits.length > 0 && edits.every((edit) => isInside(edit, text)));
  const sorted = [...valid].sort((a, b) => startOf(a) - startOf(b) || endOf(a) - endOf(b));
  const taken: (TextEdit & { formatter: string | undefined })[] = [];
  let applied = 0;
  for (const { edits, formatter } of sorted) {
    const clashes = edits.some(
      (edit, index) =>
        edits.slice(0, index).some((other) => overlap(edit, other)) ||
        taken.some((other) =>
          formatter !== undefined && other.formatter === formatter
            ? overlap(edit, other)
            : touch(edit, other),
        ),
    );
    if (clashes) continue;
    taken.push(...edits.map((edit) => ({ ...edit, formatter })));
    applied += 1;
  }
  let result = '';
  let at = 0;
  for (const { from, to, text: inserted } of taken.sort((a, b) => a.from - b.from || a.to - b.to)) {
    result += text.slice(at, from) + inserted;
    at = to;
  }
  return { text: result + text.slice(at), applied };
}

function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.from < b.to && b.from < a.to;
}

function touch(a: TextEdit, b: TextEdit): boolean {
  return a.from <= b.to && b.from <= a.to;
}

function isInside({ from, to }: TextEdit, text: string): boolean {
  return from >= 0 && from <= to && to <= text.length;
}

function startOf({ edits }: Fix): number {
  return Math.min(...edits.map((edit) => edit.from));
}

function endOf({ edits }: Fix): number {
  return Math.max(...edits.map((edit) => edit.to));
}

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
  const taken: Taken[] = [];
  let applied = 0;
  for (const { edits, formatter } of sorted) {
    if (overlapsItself(edits) || edits.some((edit) => clashes({ ...edit, formatter }, taken))) continue;
    for (const edit of edits) taken.splice(countUpTo(taken, edit), 0, { ...edit, formatter });
    applied += 1;
  }
  let result = '';
  let at = 0;
  for (const { from, to, text: inserted } of taken) {
    result += text.slice(at, from) + inserted;
    at = to;
  }
  return { text: result + text.slice(at), applied };
}

type Taken = TextEdit & { readonly formatter: string | undefined };

/** `taken` is in order and free of overlaps, so what an edit could meet ends where the first one lies before it. */
function clashes(edit: Taken, taken: readonly Taken[]): boolean {
  const meets = { ...edit, from: edit.to, to: Infinity };
  for (let at = countUpTo(taken, meets) - 1; at >= 0; at -= 1) {
    const other = taken[at];
    if (other === undefined || other.to < edit.from) return false;
    const same = edit.formatter !== undefined && other.formatter === edit.formatter;
    if (same ? overlap(edit, other) : touch(edit, other)) return true;
  }
  return false;
}

function overlapsItself(edits: readonly TextEdit[]): boolean {
  const sorted = [...edits].sort(byPlace);
  return sorted.some((edit, index) => {
    const next = sorted[index + 1];
    return next !== undefined && overlap(edit, next);
  });
}

/** How many of `sorted` do not lie behind `edit`. */
function countUpTo(sorted: readonly TextEdit[], edit: TextEdit): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && byPlace(other, edit) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function byPlace(a: TextEdit, b: TextEdit): number {
  return a.from - b.from || a.to - b.to;
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
  return edits.reduce((first, edit) => Math.min(first, edit.from), Infinity);
}

function endOf({ edits }: Fix): number {
  return edits.reduce((last, edit) => Math.max(last, edit.to), 0);
}

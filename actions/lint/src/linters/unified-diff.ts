import type { Hunk } from './prettier/line-diff.ts';

export interface FileDiff {
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

/**
 * Reads unified diffs of one or more files, as formatters print them. Lines of a hunk are counted by its header, so
 * that no content looks like a header, and a file name may hold a line end.
 */
export function parseUnifiedDiff(text: string): FileDiff[] {
  const lines = text.split('\n');
  const diffs: { file: string; hunks: Hunk[] }[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.startsWith('--- ')) {
      const plus = secondHeader(lines, at + 1);
      if (plus === undefined) break;
      const name = lines
        .slice(at, plus)
        .join('\n')
        .slice(4)
        .replace(/\t[^\t]*$/, '');
      diffs.push({ file: name, hunks: [] });
      // The name stands in the second header once more, as many lines long.
      at = plus + (plus - at);
      continue;
    }
    const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    const current = diffs.at(-1);
    if (header === null || current === undefined) {
      at += 1;
      continue;
    }
    const oldStart = Number(header[1]);
    const counts = { old: Number(header[2] ?? 1), new: Number(header[4] ?? 1) };
    const body = readBody(lines, at + 1, counts);
    for (const hunk of narrow(counts.old === 0 ? oldStart : oldStart - 1, body.lines))
      current.hunks.push(hunk);
    at = body.end;
  }
  return diffs;
}

function secondHeader(lines: readonly string[], from: number): number | undefined {
  for (let at = from; at < lines.length; at += 1) if (lines[at]?.startsWith('+++ ')) return at;
  return undefined;
}

function readBody(
  lines: readonly string[],
  start: number,
  counts: { old: number; new: number },
): { lines: string[]; end: number } {
  let { old, new: added } = counts;
  let at = start;
  const body: string[] = [];
  while (at < lines.length && (old > 0 || added > 0)) {
    const line = lines[at] ?? '';
    const mark = line.charAt(0);
    if (mark !== '+' && mark !== '\\') old -= 1;
    if (mark !== '-' && mark !== '\\') added -= 1;
    if (mark !== '\\') body.push(line);
    at += 1;
  }
  return { lines: body, end: at };
}

/** Leaves the context lines out: one hunk for each run of changed lines. */
function narrow(from: number, body: readonly string[]): Hunk[] {
  const hunks: { from: number; to: number; lines: string[] }[] = [];
  let old = from;
  let open: { from: number; to: number; lines: string[] } | undefined;
  for (const line of body) {
    const mark = line.charAt(0);
    if (mark !== '+' && mark !== '-') {
      open = undefined;
      old += 1;
      continue;
    }
    if (open === undefined) {
      open = { from: old, to: old, lines: [] };
      hunks.push(open);
    }
    if (mark === '+') open.lines.push(line.slice(1));
    else {
      old += 1;
      open.to = old;
    }
  }
  return hunks;
}

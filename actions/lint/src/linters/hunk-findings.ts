import type { Finding, TextEdit } from '../../../../toolkit/findings/finding.ts';
import type { Hunk } from './prettier/line-diff.ts';

/** One finding for each part a formatter would write differently, on the lines it is about and not on line 1. */
export function hunkFindings(
  tool: string,
  message: string,
  path: string,
  before: readonly string[],
  hunks: readonly Hunk[],
): Finding[] {
  const starts = lineStarts(before);
  return hunks.map((hunk) => {
    // A pure insertion has no line of its own: it is shown on its neighbour.
    const inserts = hunk.to === hunk.from;
    const from = inserts ? Math.max(0, Math.min(hunk.from, before.length - 1)) : hunk.from;
    const to = inserts ? from + 1 : hunk.to;
    const kept = inserts ? before.slice(from, to) : [];
    return {
      tool,
      rule: 'format',
      level: 'error',
      message,
      location: { path, startLine: from + 1, endLine: to },
      suggestion: [...hunk.lines, ...kept].join('\n'),
      fix: [toEdit(hunk, before, starts)],
    };
  });
}

/** Whole lines as characters: with the line end behind them, or at the end of the file with the one before. */
function toEdit(hunk: Hunk, before: readonly string[], starts: readonly number[]): TextEdit {
  const at = (line: number): number => starts[line] ?? 0;
  if (hunk.to < before.length) {
    return { from: at(hunk.from), to: at(hunk.to), text: hunk.lines.map((line) => `${line}\n`).join('') };
  }
  const end = at(before.length) - 1;
  if (hunk.from === 0) return { from: 0, to: end, text: hunk.lines.join('\n') };
  return { from: at(hunk.from) - 1, to: end, text: hunk.lines.map((line) => `\n${line}`).join('') };
}

/** Offset of each line's first character; the last entry is one past the end and the line end it does not have. */
function lineStarts(lines: readonly string[]): number[] {
  const starts = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  return starts;
}

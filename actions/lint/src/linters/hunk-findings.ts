import type { Finding } from '../../../../toolkit/findings/finding.ts';
import type { Hunk } from './prettier/line-diff.ts';

/** One finding for each part a formatter would write differently, on the lines it is about and not on line 1. */
export function hunkFindings(
  tool: string,
  message: string,
  path: string,
  before: readonly string[],
  hunks: readonly Hunk[],
): Finding[] {
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
    };
  });
}

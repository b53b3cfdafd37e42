import type { Finding } from '../../../../toolkit/findings/finding.ts';
import { applyFixes } from './apply-fixes.ts';

/**
 * Findings with the lines that their own fix alone would leave, where it changes no other lines than those they are
 * about; a formatter's have them already. `readSource` gives a file as its tool read it, without a byte order mark.
 */
export function withSuggestions(
  findings: readonly Finding[],
  readSource: (path: string) => string | undefined,
): Finding[] {
  const sources = new Map<string, string | undefined>();
  return findings.map((finding) => {
    const { fix, location, suggestion } = finding;
    if (fix === undefined || suggestion !== undefined) return finding;
    if (!sources.has(location.path)) sources.set(location.path, readSource(location.path));
    const text = sources.get(location.path);
    if (text === undefined) return finding;
    const { startLine, endLine = startLine } = location;
    const from = startOfLine(text, startLine);
    // The end of the last line, before its line break.
    const to = Math.max(from, startOfLine(text, endLine + 1) - 1);
    const isOutside = fix.some((edit) => edit.from < from || edit.to > to);
    if (isOutside) return finding;
    const mended = applyFixes(text, [{ edits: fix }]);
    if (mended.applied === 0) return finding;
    return { ...finding, suggestion: mended.text.slice(from, to + mended.text.length - text.length) };
  });
}

/** Offset of a line's first character; one behind the text for what would come after the last line. */
function startOfLine(text: string, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) {
    const next = text.indexOf('\n', at);
    if (next < 0) return text.length + 1;
    at = next + 1;
  }
  return at;
}

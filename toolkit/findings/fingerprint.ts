import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';
import { lineHashes } from './line-hash.ts';

export interface Fingerprinted {
  readonly finding: Finding;
  /** Identity by content: the same problem keeps it through line shifts and re-indentation. */
  readonly id: string;
  /** Identity by the line alone, for a problem whose neighbours were edited. Undefined for vulnerabilities. */
  readonly lineId: string | undefined;
  /** SARIF `partialFingerprints`. */
  readonly partial: Readonly<Record<string, string>>;
}

/** Text of a file by repository path; undefined when it cannot be read as text. */
export type ReadSource = (path: string) => string | undefined;

/**
 * Gives each finding its identities. `pathNow` maps a path of the tree the findings were made in to today's path,
 * so that the findings of a renamed file keep theirs.
 */
export function fingerprint(
  findings: readonly Finding[],
  readSource: ReadSource,
  pathNow: (path: string) => string = (path) => path,
): Fingerprinted[] {
  const sources = new Map<string, Source | undefined>();
  const occurrences = new Map<string, number>();
  const sourceOf = (path: string): Source | undefined => {
    if (!sources.has(path)) sources.set(path, toSource(readSource(path)));
    return sources.get(path);
  };
  return [...findings].sort(byPlace).map((finding) => {
    const source = sourceOf(finding.location.path);
    const lineHash = source?.hashes()[finding.location.startLine - 1];
    const common = lineHash === undefined ? {} : { primaryLocationLineHash: lineHash };
    if (finding.vulnerability) {
      const { id: canonical, purl, role } = finding.vulnerability;
      const id = sha256(canonical, purl, pathNow(role));
      return { finding, id, lineId: undefined, partial: { ...common, 'gated-delivery/vuln/v1': id } };
    }
    const path = pathNow(finding.location.path);
    const context = contextOf(finding, source);
    const place = sha256(finding.tool, finding.rule, path, ...context);
    const occurrence = (occurrences.get(place) ?? 0) + 1;
    occurrences.set(place, occurrence);
    const id = sha256(finding.tool, finding.rule, path, ...context, String(occurrence));
    return {
      finding,
      id,
      lineId: sha256(finding.tool, finding.rule, path, context[1] ?? ''),
      partial: { ...common, 'gated-delivery/lint/v1': id },
    };
  });
}

/** A line as it counts for identity: indentation and the amount of blank space do not. */
export function normaliseLine(line: string): string {
  return line.trim().replaceAll(/\s+/g, ' ');
}

interface Source {
  readonly lines: readonly string[];
  readonly hashes: () => readonly string[];
}

function toSource(text: string | undefined): Source | undefined {
  if (text === undefined) return undefined;
  let hashes: string[] | undefined;
  return { lines: text.split(/\r\n|\n|\r/), hashes: () => (hashes ??= lineHashes(text)) };
}

/** The line before, the line itself and the line after. */
function contextOf(finding: Finding, source: Source | undefined): string[] {
  if (finding.excerpt) return ['', finding.excerpt.map(normaliseLine).join('\n'), ''];
  const at = finding.location.startLine - 1;
  return [at - 1, at, at + 1].map((index) => normaliseLine(source?.lines[index] ?? ''));
}

function byPlace(a: Finding, b: Finding): number {
  return (
    a.location.startLine - b.location.startLine ||
    (a.location.startColumn ?? 0) - (b.location.startColumn ?? 0)
  );
}

function sha256(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

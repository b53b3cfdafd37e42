/** What every tool's report is turned into: one problem at one place. */
export interface Finding {
  readonly tool: string;
  readonly rule: string;
  readonly message: string;
  readonly level: Level;
  /** Scanners grade by severity; linters leave it out and are graded by level. */
  readonly severity?: Severity | undefined;
  readonly location: Location;
  /** Page that explains the rule. */
  readonly helpUri?: string | undefined;
  /** Text to compare by content when the file at `location` is not what was read (a rendered chart, an image). */
  readonly excerpt?: readonly string[] | undefined;
  /** Replacement text for whole lines startLine..endLine of the location. */
  readonly suggestion?: string | undefined;
  /** Edits of the file at `location` that mend it, all of them or none. */
  readonly fix?: readonly TextEdit[] | undefined;
  readonly vulnerability?: Vulnerability | undefined;
  /** Reports this finding was merged from, when more than one tool saw it. */
  readonly sources?: readonly Source[] | undefined;
  /** The findings it was merged from, as their tools reported them. */
  readonly parts?: readonly Finding[] | undefined;
}

export interface Location {
  /** Relative to the repository's root, with `/` between folders. */
  readonly path: string;
  /** First line is 1. */
  readonly startLine: number;
  readonly startColumn?: number | undefined;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
}

/** Characters `from` to `to` (exclusive; UTF-16 units, a byte order mark not counted) become `text`. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface Vulnerability {
  /** CVE when there is one, else the tool's own id. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** Package URL without its version, so that an upgrade that mends nothing stays the same finding. */
  readonly purl: string;
  readonly installed: string;
  readonly fixedIn?: string | undefined;
  /** What holds the package: `image:Dockerfile`, `package-lock.json` … never a digest. */
  readonly role: string;
  readonly cvss?: number | undefined;
  readonly exploited?: boolean | undefined;
  /** Probability of exploitation within 30 days, 0 to 1. */
  readonly epss?: number | undefined;
}

export interface Source {
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
}

export const levels = ['error', 'warning', 'note'] as const;
export type Level = (typeof levels)[number];

export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;
export type Severity = (typeof severities)[number];

export type Grade = Level | Severity;

/** What the gate and the counts go by. */
export function gradeOf(finding: Finding): Grade {
  return finding.severity ?? finding.level;
}

const grades: readonly Grade[] = ['critical', 'error', 'high', 'medium', 'unknown', 'warning', 'low', 'note'];

/** Sorts the worst first, then by place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    grades.indexOf(gradeOf(a)) - grades.indexOf(gradeOf(b)) ||
    compareText(a.location.path, b.location.path) ||
    a.location.startLine - b.location.startLine ||
    compareText(a.rule, b.rule)
  );
}

/** The graver of two severities; a known one is graver than an unknown one of the same weight. */
export function graver(a: Severity, b: Severity): Severity {
  return grades.indexOf(a) <= grades.indexOf(b) ? a : b;
}

/** SARIF level of a severity: what GitHub shows as error, warning or note. */
export function levelOfSeverity(severity: Severity): Level {
  if (severity === 'critical' || severity === 'high') return 'error';
  return severity === 'low' ? 'note' : 'warning';
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import type { Judged } from './judged.ts';
import { gradeOf, type Level } from './finding.ts';

export interface Annotation {
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn?: number | undefined;
  readonly endColumn?: number | undefined;
}

/** Shows annotations on the lines of the change. */
export interface AnnotationPort {
  show(annotation: Annotation): void;
}

/** What the runner keeps of one step's workflow commands, of each level. */
export const perLevel = 10;

/** An annotation as GitHub takes it: columns only when it stays on one line. */
export function toAnnotation({ finding }: Judged): Annotation {
  const { path, startLine, startColumn, endColumn } = finding.location;
  const endLine = Math.max(startLine, finding.location.endLine ?? startLine);
  const suggestion = finding.suggestion === undefined ? '' : `\n\nSuggested:\n${finding.suggestion}`;
  return {
    level: finding.level,
    title: `${finding.tool}: ${finding.rule} (${gradeOf(finding)})`,
    message: `${finding.message}${suggestion}`.slice(0, 4_000),
    path,
    startLine: Math.max(1, startLine),
    endLine: Math.max(1, endLine),
    ...(endLine === startLine &&
    startColumn !== undefined &&
    endColumn !== undefined &&
    endColumn >= startColumn
      ? { startColumn, endColumn }
      : {}),
  };
}

/** At most 10 errors and 10 warnings, new ones first, as the runner shows no more. Waived findings are left out. */
export function commandAnnotations(findings: readonly Judged[]): { shown: Annotation[]; of: number } {
  const open = findings.filter((item) => item.waiver === undefined && item.finding.level !== 'note');
  const inOrder = [...open].sort((a, b) => Number(a.state !== 'new') - Number(b.state !== 'new'));
  const left: Record<Level, number> = { error: perLevel, warning: perLevel, note: 0 };
  const shown = inOrder.filter(({ finding }) => (left[finding.level] -= 1) >= 0).map(toAnnotation);
  return { shown, of: open.length };
}

import { assertNever } from '../action/errors.ts';
import { gradeOf, type Finding, type Grade, type Level, type Severity } from './finding.ts';
import type { Judged } from './judged.ts';
import { nameOf, type Broke, type Skipped, type ToolResult } from './tool-result.ts';

export interface Policy {
  /** Grades that fail the gate; empty: nothing does. */
  readonly failing: ReadonlySet<Grade>;
  readonly newOnly: boolean;
  /** More warnings than this fail as well. */
  readonly maxWarnings?: number | undefined;
  /** Vulnerabilities that nobody has mended yet do not fail. */
  readonly ignoreUnfixed?: boolean | undefined;
}

/** `pass`: everything that was asked for ran, and nothing crosses the threshold. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'findings'; readonly count: number; readonly reason: string }
  | { readonly kind: 'tool-error'; readonly broken: readonly Broke[]; readonly alsoFindings: number }
  | { readonly kind: 'skipped'; readonly skipped: readonly Skipped[] };

/** Grades at or above a linter's threshold. */
export function failingLevels(failOn: Exclude<Level, 'note'> | 'none'): Set<Grade> {
  switch (failOn) {
    case 'none':
      return new Set();
    case 'error':
      return new Set<Grade>(['error']);
    case 'warning':
      return new Set<Grade>(['error', 'warning']);
    default:
      return assertNever(failOn);
  }
}

/** Grades at or above a scanner's threshold. An unknown severity counts as medium: missing data is not harmless. */
export function failingSeverities(failOn: Exclude<Severity, 'unknown'> | 'none'): Set<Grade> {
  if (failOn === 'none') return new Set();
  const order: readonly Grade[] = ['critical', 'high', 'medium', 'low'];
  const failing = new Set(order.slice(0, order.indexOf(failOn) + 1));
  if (failing.has('medium')) failing.add('unknown');
  return failing;
}

/** The findings that cross the threshold: not waived, graded high enough and, with `newOnly`, new. */
export function crossing(findings: readonly Judged[], policy: Policy): Judged[] {
  return gated(findings, policy).filter((item) => policy.failing.has(gradeOf(item.finding)));
}

/** A broken tool decides first: what it would have found is not known. */
export function decide(results: readonly ToolResult[], findings: readonly Judged[], policy: Policy): Verdict {
  const over = crossing(findings, policy).length;
  const broken = results.filter((result) => result.status === 'tool-error');
  if (broken.length > 0) return { kind: 'tool-error', broken, alsoFindings: over };
  const skipped = results.filter((result) => result.status === 'skipped');
  if (skipped.length > 0 && skipped.length === results.length) return { kind: 'skipped', skipped };
  const what = policy.newOnly ? 'new' : 'open';
  if (over > 0) {
    return {
      kind: 'findings',
      count: over,
      reason: `${over} ${what} finding${over === 1 ? '' : 's'} at or above the threshold`,
    };
  }
  const warnings = gated(findings, policy).filter((item) => item.finding.level === 'warning').length;
  if (policy.maxWarnings !== undefined && warnings > policy.maxWarnings) {
    return {
      kind: 'findings',
      count: warnings,
      reason: `${warnings} ${what} warnings, more than the ${policy.maxWarnings} allowed`,
    };
  }
  return { kind: 'pass' };
}

/** One sentence for the log and the head of the summary. */
export function describeVerdict(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'pass':
      return 'nothing crosses the threshold';
    case 'findings':
      return verdict.reason;
    case 'tool-error': {
      const names = verdict.broken.map((broke) => `${nameOf(broke)}: ${broke.message}`).join('; ');
      const also = verdict.alsoFindings > 0 ? `; besides, ${verdict.alsoFindings} findings` : '';
      return `not everything could be checked (${names})${also}`;
    }
    case 'skipped':
      return `nothing was checked (${verdict.skipped.map((skip) => `${nameOf(skip)}: ${skip.reason}`).join('; ')})`;
    default:
      return assertNever(verdict);
  }
}

function gated(findings: readonly Judged[], policy: Policy): Judged[] {
  return findings.filter(
    (item) =>
      item.waiver === undefined &&
      (!policy.newOnly || item.state === 'new') &&
      !(policy.ignoreUnfixed === true && isUnfixed(item.finding)),
  );
}

function isUnfixed({ vulnerability }: Finding): boolean {
  return vulnerability !== undefined && vulnerability.fixedIn === undefined;
}

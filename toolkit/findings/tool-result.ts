import type { Finding } from './finding.ts';

/** What one tool said about one target. The three ways are never mixed: a broken tool found nothing, and a tool
 * that was not run found nothing either, but neither is clean. */
export type ToolResult = Ran | Broke | Skipped;

interface Named {
  readonly tool: string;
  /** Folder, image or chart that was looked at; `.` for the whole repository. */
  readonly target: string;
}

export interface Ran extends Named {
  readonly status: 'ran';
  readonly version: string;
  readonly findings: readonly Finding[];
  readonly rules?: readonly RuleInfo[] | undefined;
  readonly notes?: readonly string[] | undefined;
  /** Those of `findings` that the tool itself says were there before. */
  readonly known?: readonly Finding[] | undefined;
  /** Shown in the summary as it is: names, verdicts and numbers of a server's own gate. */
  readonly table?: ResultTable | undefined;
}

export interface Broke extends Named {
  readonly status: 'tool-error';
  /** One line: what went wrong. */
  readonly message: string;
  /** Last lines of the tool. */
  readonly detail: string;
}

export interface Skipped extends Named {
  readonly status: 'skipped';
  readonly reason: string;
}

export interface ResultTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface RuleInfo {
  readonly id: string;
  readonly description?: string | undefined;
  readonly helpUri?: string | undefined;
}

/** `eslint`, or `eslint (packages/a)` when it looked at a part. */
export function nameOf(result: { readonly tool: string; readonly target: string }): string {
  return result.target === '.' ? result.tool : `${result.tool} (${result.target})`;
}

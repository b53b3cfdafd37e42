import { diffLines } from '../../../toolkit/manifests/diff-lines.ts';
import type { ObjectChange } from '../../../toolkit/manifests/diff-manifests.ts';
import { codeBlock, escapeMarkdown, inlineCode, table } from '../../../toolkit/summary/markdown.ts';

export interface Row {
  readonly release: string;
  readonly namespace: string;
  readonly from: number;
  /** 0: it stays where it is. */
  readonly to: number;
  readonly manifestSha256: string;
  readonly chart: string;
  readonly gitSha: string;
  readonly source: 'explicit' | 'verified' | 'unverified';
  readonly state: 'planned' | 'done' | 'left' | 'held' | 'unchanged';
  readonly note: string;
  readonly changes: readonly ObjectChange[];
}

export interface RollbackReport {
  readonly outcome: 'rolled-back' | 'preview' | 'nothing' | 'failed';
  readonly environment: string;
  readonly namespace: string;
  /** One sentence: what happened, or what stopped it. */
  readonly headline: string;
  /** The whole error text; '' when there is none. */
  readonly details: string;
  /** Why the rollback was asked for. */
  readonly reason: string;
  readonly rows: readonly Row[];
}

const titles: Readonly<Record<RollbackReport['outcome'], string>> = {
  'rolled-back': 'Rolled back',
  preview: 'Would roll back',
  nothing: 'Nothing to roll back in',
  failed: 'Rollback failed in',
};

/** The job summary of a rollback. */
export function renderSummary(result: RollbackReport): string {
  const lines = [
    `## ${titles[result.outcome]} ${escapeMarkdown(result.environment)}`,
    '',
    result.details === '' ? escapeMarkdown(result.headline) : codeBlock(result.details),
    '',
    `Namespace ${inlineCode(result.namespace)}${result.reason === '' ? '' : `, because ${escapeMarkdown(result.reason)}`}.`,
  ];
  if (result.rows.length > 0) {
    lines.push(
      '',
      table(['release', 'from', 'to', 'chart', 'commit', 'state', 'note'], result.rows.map(cells)),
    );
  }
  for (const row of result.rows.filter(({ changes }) => changes.length > 0)) {
    lines.push('', `<details><summary>${escapeMarkdown(row.release)}: what changes</summary>`, '');
    lines.push(codeBlock(row.changes.flatMap(diffLines).join('\n'), 'diff'), '', '</details>');
  }
  return `${lines.join('\n')}\n`;
}

function cells(row: Row): string[] {
  return [
    inlineCode(row.release),
    row.from > 0 ? String(row.from) : '',
    row.to > 0 ? `${row.to} (${row.source})` : '',
    row.chart === '' ? '' : inlineCode(row.chart),
    row.gitSha === '' ? '' : inlineCode(row.gitSha.slice(0, 12)),
    row.state,
    escapeMarkdown(row.note),
  ];
}

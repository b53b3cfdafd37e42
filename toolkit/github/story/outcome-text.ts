import { assertNever } from '../../action/errors.ts';
import type { Chapter } from './chapter.ts';

/** What came out, in a few words of plain text: for a table cell and for a commit status. */
export function outcomeText(chapter: Chapter): string {
  switch (chapter.subject) {
    case 'lint':
    case 'scan':
      return findingsText(chapter);
    case 'tests':
      return { pass: 'passed', fail: 'failed', skipped: 'skipped' }[chapter.outcome];
    case 'approval':
      return `${chapter.outcome} by ${chapter.by}`;
    case 'deploy':
      return {
        verified: 'deployed and verified',
        deployed: 'deployed, not verified',
        failed: 'failed',
        skipped: 'skipped',
      }[chapter.outcome];
    case 'gate':
      return { pass: 'passed', fail: 'failed', inconclusive: 'inconclusive' }[chapter.outcome];
    case 'rollback':
      return { 'rolled-back': 'rolled back', partial: 'partly rolled back', failed: 'failed' }[
        chapter.outcome
      ];
    default:
      return assertNever(chapter);
  }
}

function findingsText({
  outcome,
  newCount,
  totalCount,
}: Extract<Chapter, { subject: 'lint' | 'scan' }>): string {
  const old = totalCount - newCount;
  const known = old > 0 ? `, ${old} known` : '';
  switch (outcome) {
    case 'pass':
      return newCount === 0 ? `no new findings${known}` : `${newCount} new below the threshold${known}`;
    case 'findings':
      return `${newCount} new ${newCount === 1 ? 'finding' : 'findings'}${known}`;
    case 'tool-error':
      return 'a tool did not work';
    case 'skipped':
      return 'skipped';
    default:
      return assertNever(outcome);
  }
}

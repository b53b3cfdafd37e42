import type { CommitStatus } from '../github-port.ts';
import { environmentOf, type Chapter } from './chapter.ts';
import { outcomeText } from './outcome-text.ts';

/** The name branch protection asks for: one per gate, and per environment where there is one. */
export function statusContext(subject: Chapter['subject'], environment = ''): string {
  return `gated-delivery/${subject}${environment === '' ? '' : ` (${environment})`}`;
}

/** The commit status a chapter stands for. What was skipped does not block; what is undecided or broken does. */
export function statusOf(chapter: Chapter): CommitStatus {
  const text = outcomeText(chapter);
  return {
    sha: chapter.sha,
    context: statusContext(chapter.subject, environmentOf(chapter)),
    state: stateOf(chapter),
    description: chapter.note === '' ? text : `${text}: ${chapter.note}`,
    ...(chapter.runUrl === '' ? {} : { targetUrl: chapter.runUrl }),
  };
}

function stateOf({ outcome }: Chapter): CommitStatus['state'] {
  switch (outcome) {
    case 'pass':
    case 'skipped':
    case 'approved':
    case 'verified':
    case 'rolled-back':
      return 'success';
    case 'deployed':
      return 'pending';
    case 'findings':
    case 'fail':
    case 'inconclusive':
    case 'rejected':
    case 'failed':
    case 'partial':
      return 'failure';
    case 'tool-error':
      return 'error';
  }
}

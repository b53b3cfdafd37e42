import { assertNever } from '../action/errors.ts';
import type { RunResult } from '../process/process.ts';

/** What happened to a tool that did not end by itself. */
export function endedBy(ended: Exclude<RunResult['ended'], 'by-itself'>): string {
  switch (ended) {
    case 'timeout':
      return 'did not end in time and was killed with everything it had started';
    case 'cancelled':
      return 'was cancelled';
    case 'too-much-output':
      return 'printed more than can be kept and was killed';
    default:
      return assertNever(ended);
  }
}

/** The last lines a tool printed, for the summary. */
export function lastLines(output: readonly string[], count = 20): string {
  return output.join('\n').trim().split('\n').slice(-count).join('\n');
}

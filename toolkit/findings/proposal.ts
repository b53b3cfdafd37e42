import type { GitHubContext } from '../action/github-context.ts';
import { text } from '../git/change.ts';

/** The commit people look at: of a pull request its head, not the merge that is checked out. */
export function headShaOf({ event, eventName, sha }: GitHubContext): string {
  const head = eventName.startsWith('pull_request') ? text(event, 'pull_request', 'head', 'sha') : undefined;
  return head ?? sha;
}

/** Number of the pull request of the event; undefined for other events. */
export function pullRequestOf({ event, eventName }: GitHubContext): number | undefined {
  if (!eventName.startsWith('pull_request')) return undefined;
  const pull = event.pull_request;
  if (typeof pull !== 'object' || pull === null || !('number' in pull)) return undefined;
  return typeof pull.number === 'number' ? pull.number : undefined;
}

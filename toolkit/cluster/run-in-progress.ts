import type { ActionPorts } from '../action/run-action.ts';
import type { GitHubPort } from '../github/github-port.ts';
import { octokitGitHub } from '../github/octokit-github.ts';

/** Asks GitHub about the run that holds a lock; without a token an expired lease is enough. */
export function runLookup(
  { github: { apiUrl }, log, signal }: Pick<ActionPorts, 'github' | 'log' | 'signal'>,
  token: string,
): (identity: string) => Promise<boolean> {
  if (token === '') return () => Promise.resolve(false);
  const of = (repository: string): GitHubPort => octokitGitHub({ token, apiUrl, log, signal, repository });
  return (identity) => isRunInProgress(of, identity);
}

/**
 * Whether the run behind a lock's holder (`owner/name/run/attempt/job`) still goes on. What cannot be found out counts
 * as over: the lease itself has expired by then.
 */
export async function isRunInProgress(
  github: (repository: string) => Pick<GitHubPort, 'getWorkflowRun'>,
  identity: string,
): Promise<boolean> {
  const [, repository = '', run = '', attempt = ''] = /^([^/]+\/[^/]+)\/(\d+)\/(\d+)\//.exec(identity) ?? [];
  if (run === '' || Number(run) === 0) return false;
  try {
    const found = await github(repository).getWorkflowRun(Number(run));
    return found !== undefined && found.status !== 'completed' && found.attempt === Number(attempt);
  } catch {
    return false;
  }
}

import { describeError } from '../../../toolkit/action/describe-error.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { EnvironmentReview, GitHubPort } from '../../../toolkit/github/github-port.ts';
import type { Needs } from './needs.ts';

/** The reviews of this run, asked for only when something was to be deployed; without an answer there are none. */
export async function readReviews(
  { github, log }: Pick<ActionPorts, 'github' | 'log'>,
  api: Pick<GitHubPort, 'listReviews'>,
  needs: Needs,
): Promise<readonly EnvironmentReview[]> {
  if ((needs.deploy?.outputs.environment ?? '') === '') return [];
  try {
    return await api.listReviews(Number(github.runId));
  } catch (error) {
    log.warning(`whether reviewers approved is not known: ${describeError(error).message}`);
    return [];
  }
}

import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import type { CommitStatus, GitHubPort } from '../../../toolkit/github/github-port.ts';
import { statusContext } from '../../../toolkit/github/story/commit-status.ts';

/** Says on the commit how the deploy ended. That it cannot be said must not turn a good deploy red. */
export async function setCommitStatus(
  ports: ActionPorts,
  github: Pick<GitHubPort, 'createCommitStatus'> | undefined,
  { environment, url }: ResolvedEnvironment,
  outcome: Pick<CommitStatus, 'state' | 'description'>,
): Promise<void> {
  if (github === undefined || ports.github.sha === '') return;
  const targetUrl = outcome.state === 'success' && url !== undefined ? url : runUrlOf(ports.github);
  try {
    await github.createCommitStatus({
      sha: ports.github.sha,
      context: statusContext('deploy', environment),
      ...outcome,
      ...(targetUrl === '' ? {} : { targetUrl }),
    });
  } catch (error) {
    ports.log.warning(
      `the commit status could not be set: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

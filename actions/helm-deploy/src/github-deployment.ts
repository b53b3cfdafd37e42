import { describeError } from '../../../toolkit/action/describe-error.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { ResolvedEnvironment } from '../../../toolkit/environments/resolve-environment.ts';
import type { DeploymentStatus, GitHubPort } from '../../../toolkit/github/github-port.ts';

type Ports = Pick<ActionPorts, 'github' | 'log' | 'state'>;
type GitHubDeployments = Pick<GitHubPort, 'createDeployment' | 'createDeploymentStatus'>;

/**
 * Runs `body` as a GitHub Deployment, which is made before anything changes: without the right to it the deploy does not
 * begin. That an outcome cannot be told later does not turn it red.
 */
export async function asDeployment<T>(
  ports: Ports,
  github: GitHubDeployments,
  { environment, gate, preview, url }: Pick<ResolvedEnvironment, 'environment' | 'gate' | 'preview' | 'url'>,
  body: () => Promise<T>,
): Promise<T> {
  const id = await github.createDeployment({
    ref: ports.github.sha,
    environment,
    description: 'deployed by gated-delivery',
    production: gate === 'required',
    transient: preview,
  });
  ports.state.save('deployment', String(id));
  await setStatus(ports, github, id, { state: 'in_progress', description: 'deploying' });
  const end = async (status: DeploymentStatus): Promise<void> => {
    // What could not be said, as in a cancelled run, the post step says.
    if (await setStatus(ports, github, id, status)) ports.state.save('deployment', '');
  };
  try {
    const result = await body();
    const environmentUrl = url === undefined ? {} : { environmentUrl: url };
    await end({ state: 'success', description: 'deployed', ...environmentUrl });
    return result;
  } catch (error) {
    await end({ state: 'failure', description: `${describeError(error).title}: see the run` });
    throw error;
  }
}

/** In the post step: one that the main step has left open ends as an error. */
export async function closeDeployment(
  ports: Ports,
  github: Pick<GitHubDeployments, 'createDeploymentStatus'>,
): Promise<void> {
  const id = Number(ports.state.get('deployment'));
  if (id > 0)
    await setStatus(ports, github, id, { state: 'error', description: 'the run ended without a word' });
}

/** False when it could not be said. */
async function setStatus(
  { github: context, log }: Ports,
  github: Pick<GitHubDeployments, 'createDeploymentStatus'>,
  id: number,
  status: DeploymentStatus,
): Promise<boolean> {
  const logUrl = runUrlOf(context);
  try {
    await github.createDeploymentStatus(id, { ...status, ...(logUrl === '' ? {} : { logUrl }) });
    return true;
  } catch (error) {
    log.warning(
      `the deployment status could not be set: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  }
}

import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import { once, type Api } from './api.ts';
import { cutText, descriptionLength } from './cut-text.ts';
import type { GitHubPort } from './github-port.ts';

/** Deployments and their statuses. */
export function deploymentWriter({
  ask,
  rest,
  name,
}: Api): Pick<GitHubPort, 'createDeployment' | 'createDeploymentStatus'> {
  return {
    createDeployment: (deployment) =>
      ask('making a deployment', 'deployments: write', async ({ doing }) => {
        const { data } = await rest.repos.createDeployment({
          ...name,
          ref: deployment.ref,
          environment: deployment.environment,
          description: cutText(deployment.description, descriptionLength),
          production_environment: deployment.production,
          transient_environment: deployment.transient,
          // The gates of this suite have decided already; merging is nothing a deployment should do.
          required_contexts: [],
          auto_merge: false,
          ...once,
        });
        return readAnswer(answers.withId, data, doing).id;
      }),

    createDeploymentStatus: (id, status) =>
      ask('setting a deployment status', 'deployments: write', async () => {
        await rest.repos.createDeploymentStatus({
          ...name,
          deployment_id: id,
          state: status.state,
          description: cutText(status.description, descriptionLength),
          ...(status.environmentUrl === undefined ? {} : { environment_url: status.environmentUrl }),
          ...(status.logUrl === undefined ? {} : { log_url: status.logUrl }),
        });
      }),
  };
}

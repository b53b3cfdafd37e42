import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import { orNotFound, type Api } from './api.ts';
import type { GitHubPort } from './github-port.ts';
import { readEnvironment } from './read-answers.ts';

/** Workflow runs, what protects an environment, and who approved. */
export function runReader({
  ask,
  rest,
  name,
}: Api): Pick<GitHubPort, 'getEnvironment' | 'getWorkflowRun' | 'listReviews'> {
  return {
    getEnvironment: (environment) =>
      ask(`reading the environment ${environment}`, 'actions: read', async ({ doing }) => {
        const data = await orNotFound(rest.repos.getEnvironment({ ...name, environment_name: environment }));
        return data === undefined ? undefined : readEnvironment(data, doing);
      }),

    getWorkflowRun: (id) =>
      ask('reading a workflow run', 'actions: read', async ({ doing }) => {
        const data = await orNotFound(rest.actions.getWorkflowRun({ ...name, run_id: id }));
        if (data === undefined) return undefined;
        const run = readAnswer(answers.workflowRun, data, doing);
        return {
          status: run.status ?? '',
          conclusion: run.conclusion ?? undefined,
          attempt: run.run_attempt,
        };
      }),

    listReviews: (runId) =>
      ask('reading the reviews of a run', 'actions: read', async ({ doing }) => {
        const { data } = await rest.actions.getReviewsForRun({ ...name, run_id: runId });
        return readAnswer(answers.reviews, data, doing).map(({ environments, state, user, comment }) => ({
          environments: environments.map((environment) => environment.name),
          state,
          by: user.login,
          comment,
        }));
      }),
  };
}

import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import type { GitHubPort } from '../../../toolkit/github/github-port.ts';
import { octokitGitHub } from '../../../toolkit/github/octokit-github.ts';

/** GitHub as this token sees it; undefined without one. */
export function githubOf({ github, log, signal }: ActionPorts, token: string): GitHubPort | undefined {
  if (token === '') return undefined;
  return octokitGitHub({ token, apiUrl: github.apiUrl, repository: github.repository, log, signal });
}

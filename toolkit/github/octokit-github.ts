import { openApi } from './api.ts';
import type { GitHubPort } from './github-port.ts';
import type { ClientOptions } from './octokit-client.ts';
import { pullReader } from './read-pulls.ts';
import { runReader } from './read-runs.ts';
import { sarifSender } from './send-sarif.ts';
import { checkWriter } from './write-checks.ts';
import { commentWriter } from './write-comments.ts';
import { deploymentWriter } from './write-deployments.ts';

/** GitHub's REST API for `repository` (`owner/name`). */
export function octokitGitHub(options: ClientOptions & { readonly repository: string }): GitHubPort {
  const api = openApi(options);
  return {
    ...checkWriter(api),
    ...commentWriter(api),
    ...deploymentWriter(api),
    ...pullReader(api),
    ...runReader(api),
    ...sarifSender(api),
  };
}

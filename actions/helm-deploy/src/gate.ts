import { UserError } from '../../../toolkit/action/errors.ts';
import type { GitHubPort } from '../../../toolkit/github/github-port.ts';

/**
 * An entry with `gate: required` promises that people approve. GitHub makes a missing environment without protection
 * as soon as a job names it, so that promise is checked. Throws E_GATE_MISSING.
 */
export async function requireReviewers(
  github: Pick<GitHubPort, 'getEnvironment'> | undefined,
  environment: string,
): Promise<void> {
  if (github === undefined) {
    throw new UserError(
      'E_GATE_MISSING',
      `${environment} has \`gate: required\`, and without \`github-token\` its reviewers cannot be checked`,
      'give `github-token` with `actions: read`',
    );
  }
  const found = await github.getEnvironment(environment);
  if (found !== undefined && found.reviewers.length > 0) return;
  const what = found === undefined ? 'does not exist' : 'has no required reviewers';
  throw new UserError(
    'E_GATE_MISSING',
    `the GitHub environment ${environment} ${what}, and the branch map says \`gate: required\``,
    'add required reviewers under Settings → Environments; nothing was changed',
  );
}

import type { GitHubContext } from '../../../../../toolkit/action/github-context.ts';
import { pullRequestOf } from '../../../../../toolkit/findings/proposal.ts';
import { text } from '../../../../../toolkit/git/change.ts';

/** What of the project an analysis is about, as the scanner and the web API are told. */
export type SonarScope =
  | { readonly kind: 'analyse'; readonly properties: Properties; readonly query: Properties }
  | { readonly kind: 'skip'; readonly reason: string };

type Properties = Readonly<Record<string, string>>;

/**
 * A server of the community edition knows one branch: the analysis of anything else would take the place of the main
 * branch's, with its history and its gate. There it is left out.
 */
export function sonarScope(github: GitHubContext, edition: string | undefined): SonarScope {
  const hasBranches = edition !== 'community';
  const number = pullRequestOf(github);
  if (number !== undefined) {
    if (!hasBranches) return skip('a pull request');
    const key = String(number);
    return {
      kind: 'analyse',
      properties: {
        'sonar.pullrequest.key': key,
        'sonar.pullrequest.branch': github.headRef,
        'sonar.pullrequest.base': github.baseRef,
      },
      query: { pullRequest: key },
    };
  }
  const main = text(github.event, 'repository', 'default_branch');
  if (main === undefined || github.ref === `refs/heads/${main}`) {
    return { kind: 'analyse', properties: {}, query: {} };
  }
  if (!hasBranches) return skip(github.refName);
  return {
    kind: 'analyse',
    properties: { 'sonar.branch.name': github.refName },
    query: { branch: github.refName },
  };
}

function skip(what: string): SonarScope {
  return {
    kind: 'skip',
    reason: `this edition of SonarQube knows one branch, and the analysis of ${what} would take its place`,
  };
}

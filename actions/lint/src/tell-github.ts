import { describeError } from '../../../toolkit/action/describe-error.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { checkRunOf } from '../../../toolkit/findings/check-run.ts';
import { headShaOf, pullRequestOf } from '../../../toolkit/findings/proposal.ts';
import type { Report } from '../../../toolkit/findings/report.ts';
import { findingsChapter, tellVerdict } from '../../../toolkit/findings/tell-verdict.ts';
import type { GitHubPort } from '../../../toolkit/github/github-port.ts';
import { octokitGitHub } from '../../../toolkit/github/octokit-github.ts';
import type { Inputs } from './inputs.ts';

type TellPorts = Pick<ActionPorts, 'github' | 'log' | 'signal' | 'clock'> & {
  /** undefined: there is no token. */
  readonly api: Pick<GitHubPort, 'createCheckRun' | 'editStickyComment'> | undefined;
};

/** GitHub's API for the repository of the run; undefined without a token or outside GitHub. */
export function openApi(
  token: string,
  { github, log, signal }: Pick<ActionPorts, 'github' | 'log' | 'signal'>,
): GitHubPort | undefined {
  if (token === '' || github.repository === '') return undefined;
  return octokitGitHub({ token, apiUrl: github.apiUrl, repository: github.repository, log, signal });
}

/**
 * Shows the findings in a check run. False when that is not asked for, or not permitted: then workflow commands show
 * what they can. A check run that was asked for by name and cannot be made is a warning.
 */
export async function showInCheckRun(
  report: Report,
  inputs: Pick<Inputs, 'annotations' | 'workingDirectory' | 'linters'>,
  ports: TellPorts,
): Promise<boolean> {
  const { api, github } = ports;
  if (api === undefined || inputs.annotations === 'commands' || inputs.annotations === 'none') return false;
  const check = checkRunOf(report, {
    name: checkName(inputs),
    headSha: headShaOf(github),
    detailsUrl: runUrlOf(github),
  });
  return attempt(
    () => api.createCheckRun(check),
    'annotations are shown as workflow commands',
    inputs.annotations === 'checks',
    ports,
  );
}

/** Names what the inputs choose: two steps of one commit do not share a name, by which the later would hide the earlier. */
export function checkName({
  linters,
  workingDirectory,
}: Pick<Inputs, 'linters' | 'workingDirectory'>): string {
  const what = [
    ...(linters === undefined ? [] : [[...linters].sort().join(', ')]),
    ...(workingDirectory === '.' ? [] : [workingDirectory]),
  ];
  return what.length === 0 ? 'gated-delivery lint' : `gated-delivery lint (${what.join('; ')})`;
}

/** Adds the verdict to the comment on the pull request, where that is asked for and permitted. */
export async function tellPullRequest(
  report: Report,
  inputs: Pick<Inputs, 'comment'>,
  ports: TellPorts,
): Promise<void> {
  const { api, github, clock, log } = ports;
  if (api === undefined || inputs.comment === 'false') return;
  const pullRequest = pullRequestOf(github);
  if (pullRequest === undefined) {
    if (inputs.comment === 'true')
      log.notice(`no comment: the event ${github.eventName} has no pull request`);
    return;
  }
  const chapter = findingsChapter(report, {
    subject: 'lint',
    sha: headShaOf(github),
    at: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
    runUrl: runUrlOf(github),
  });
  await attempt(
    () => tellVerdict(api, pullRequest, chapter),
    'no comment is written',
    inputs.comment === 'true',
    ports,
  );
}

/** Telling is no part of the verdict: what cannot be told must not turn a run red that found nothing. */
async function attempt(
  work: () => Promise<unknown>,
  otherwise: string,
  isAskedFor: boolean,
  { log, signal }: Pick<TellPorts, 'log' | 'signal'>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    const text = `${otherwise}: ${describeError(error).message}`;
    if (isAskedFor) log.warning(text);
    else log.info(text);
    return false;
  }
}

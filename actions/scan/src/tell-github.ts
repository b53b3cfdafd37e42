import { describeError } from '../../../toolkit/action/describe-error.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import type { ActionPorts } from '../../../toolkit/action/run-action.ts';
import { checkRunOf } from '../../../toolkit/findings/check-run.ts';
import { headShaOf, pullRequestOf } from '../../../toolkit/findings/proposal.ts';
import type { Report } from '../../../toolkit/findings/report.ts';
import { findingsChapter, tellVerdict } from '../../../toolkit/findings/tell-verdict.ts';
import { uploadSarifFiles } from '../../../toolkit/findings/upload-sarif.ts';
import type { GitHubPort } from '../../../toolkit/github/github-port.ts';
import { octokitGitHub } from '../../../toolkit/github/octokit-github.ts';
import { repositoryOf } from './images.ts';
import type { Inputs } from './inputs.ts';

type TellPorts = Pick<ActionPorts, 'github' | 'log' | 'signal' | 'clock'> & {
  /** undefined: there is no token. */
  readonly api: GitHubPort | undefined;
};

/** GitHub's API for the repository of the run; undefined without a token or outside GitHub. */
export function openApi(
  token: string,
  { github, log, signal }: Pick<ActionPorts, 'github' | 'log' | 'signal'>,
): GitHubPort | undefined {
  if (token === '' || github.repository === '') return undefined;
  return octokitGitHub({ token, apiUrl: github.apiUrl, repository: github.repository, log, signal });
}

/** Shows the findings in a check run, fifty to a request; false where that is not permitted. */
export async function showInCheckRun(
  report: Report,
  inputs: Pick<Inputs, 'scanners' | 'path' | 'images'>,
  ports: TellPorts,
): Promise<boolean> {
  const { api, github } = ports;
  if (api === undefined) return false;
  const check = checkRunOf(report, {
    name: checkName(inputs),
    headSha: headShaOf(github),
    detailsUrl: runUrlOf(github),
  });
  return attempt(() => api.createCheckRun(check), 'annotations are shown as workflow commands', false, ports);
}

/**
 * Names what the inputs choose, and nothing that a run finds out: two steps of one commit do not share a name, by which
 * the later would hide the earlier, and a rule of branch protection finds it again.
 */
export function checkName({ scanners, path, images }: Pick<Inputs, 'scanners' | 'path' | 'images'>): string {
  const what = [
    [...scanners].sort().join(', '),
    ...(path === '.' ? [] : [path]),
    ...images.map(repositoryOf),
  ];
  return `gated-delivery scan (${what.join('; ')})`;
}

/** Adds the verdict to the comment on the pull request, where that is asked for and permitted. */
export async function tellPullRequest(
  report: Report,
  inputs: Pick<Inputs, 'comment'>,
  ports: TellPorts,
): Promise<void> {
  const { api, github, clock, log } = ports;
  const pullRequest = pullRequestOf(github);
  if (inputs.comment === 'false') return;
  if (api === undefined || pullRequest === undefined) {
    if (inputs.comment === 'true') log.notice('no comment: there is no token or no pull request');
    return;
  }
  const chapter = findingsChapter(report, {
    subject: 'scan',
    sha: headShaOf(github),
    at: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
    runUrl: runUrlOf(github),
  });
  const isAskedFor = inputs.comment === 'true';
  await attempt(() => tellVerdict(api, pullRequest, chapter), 'no comment is written', isAskedFor, ports);
}

/** Sends the SARIF files to code scanning, when that is asked for. */
export async function uploadResults(
  files: readonly string[],
  inputs: Pick<Inputs, 'uploadSarif'>,
  ports: TellPorts,
): Promise<void> {
  const { api, log } = ports;
  if (!inputs.uploadSarif) return;
  if (api === undefined) log.warning('nothing is uploaded: there is no token');
  else await uploadSarifFiles(files, { ...ports, api });
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

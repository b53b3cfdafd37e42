import { assertNever } from '../../../toolkit/action/errors.ts';
import type { ActionPorts, Conclusion } from '../../../toolkit/action/run-action.ts';
import { runUrlOf } from '../../../toolkit/action/github-context.ts';
import { octokitGitHub } from '../../../toolkit/github/octokit-github.ts';
import { chaptersOf } from './chapters.ts';
import { checkedClaims } from './claims.ts';
import { readInputs } from './inputs.ts';
import type { Needs } from './needs.ts';
import { publish } from './publish.ts';
import { report, reportNothing } from './report.ts';
import { readResults, writeResults } from './results-file.ts';
import { readReviews } from './reviews.ts';
import { finishedRun, subjectOf } from './subject.ts';
import type { AnnotationPort } from '../../../toolkit/findings/annotations.ts';
import { tellTests } from './tests/tell-tests.ts';

export interface ReportPorts extends ActionPorts {
  readonly annotations: AnnotationPort;
}

/** Tells how the change fares: now, or by a later run when this one's token may only read; or how its tests went. */
export async function run(ports: ReportPorts): Promise<Conclusion> {
  const { source, githubToken } = readInputs(ports.inputs);
  switch (source.kind) {
    case 'needs':
      return ofThisRun(ports, source.needs, githubToken);
    case 'results':
      return ofFinishedRun(ports, source.file, githubToken);
    case 'tests':
      return tellTests(source, ports);
    default:
      return assertNever(source);
  }
}

async function ofThisRun(ports: ActionPorts, needs: Needs, token: string): Promise<Conclusion> {
  const subject = subjectOf(ports.github);
  const github = githubOf(ports, token);
  const at = `${new Date(ports.clock.now()).toISOString().slice(0, 19)}Z`;
  const chapters = chaptersOf(needs, {
    sha: subject.sha,
    at,
    runUrl: runUrlOf(ports.github),
    reviews: await readReviews(ports, github, needs),
  });
  if (subject.deferred !== '') {
    const results = await writeResults(ports.github.runnerTemp, chapters);
    return report(ports, { chapters, ...subject, isPublished: false, results });
  }
  const { isComplete, pullRequest } = await publish(ports, github, subject, chapters);
  return report(ports, { chapters, deferred: '', pullRequest, isPublished: isComplete, results: '' });
}

async function ofFinishedRun(ports: ActionPorts, file: string, token: string): Promise<Conclusion> {
  const finished = finishedRun(ports.github);
  const data = await readResults(file);
  if (data === undefined) return reportNothing(ports, 'the run left no results: it published them itself');
  const chapters = checkedClaims(data, finished);
  if (chapters === undefined) return reportNothing(ports, 'what the run left are no results');
  const subject = { sha: finished.sha, pullRequest: undefined };
  const { isComplete, pullRequest } = await publish(ports, githubOf(ports, token), subject, chapters);
  return report(ports, { chapters, deferred: '', pullRequest, isPublished: isComplete, results: '' });
}

function githubOf({ github, log, signal }: ActionPorts, token: string): ReturnType<typeof octokitGitHub> {
  return octokitGitHub({ token, apiUrl: github.apiUrl, repository: github.repository, log, signal });
}

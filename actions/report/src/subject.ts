import * as v from 'valibot';
import { UserError } from '../../../toolkit/action/errors.ts';
import type { GitHubContext } from '../../../toolkit/action/github-context.ts';

/** What is reported on, and whether this run's token may write there. */
export interface Subject {
  readonly sha: string;
  /** undefined: to be looked for by the commit. */
  readonly pullRequest: number | undefined;
  /** Why this run cannot publish; '' when it can. */
  readonly deferred: string;
}

const pullRequestEvent = v.object({
  pull_request: v.object({
    number: v.number(),
    head: v.object({
      sha: v.string(),
      repo: v.nullish(v.object({ full_name: v.string() })),
    }),
  }),
});

const workflowRunEvent = v.object({
  workflow_run: v.object({
    event: v.string(),
    head_sha: v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/)),
    html_url: v.pipe(v.string(), v.url()),
    updated_at: v.pipe(v.string(), v.isoTimestamp()),
  }),
});

/** The commit and pull request of the event. GitHub gives forks and Dependabot a token that may only read. */
export function subjectOf(
  github: Pick<GitHubContext, 'sha' | 'event' | 'eventName' | 'repository' | 'actor'>,
): Subject {
  const event = v.safeParse(pullRequestEvent, github.event);
  if (!github.eventName.startsWith('pull_request') || !event.success)
    return { sha: github.sha, pullRequest: undefined, deferred: '' };
  const { number, head } = event.output.pull_request;
  const from = head.repo?.full_name ?? 'a deleted repository';
  const isFork = from.toLowerCase() !== github.repository.toLowerCase();
  const deferred = isFork
    ? `the pull request comes from ${from}`
    : github.actor === 'dependabot[bot]'
      ? 'the pull request is Dependabot’s'
      : '';
  return { sha: head.sha, pullRequest: number, deferred };
}

/** The run whose results are published, as GitHub itself tells of it. */
export interface FinishedRun {
  readonly sha: string;
  readonly runUrl: string;
  /** RFC 3339 in UTC with whole seconds. */
  readonly at: string;
}

/** Throws E_CONFIG when the event is not the end of a pull request's run. */
export function finishedRun({ event, eventName }: Pick<GitHubContext, 'event' | 'eventName'>): FinishedRun {
  const parsed = v.safeParse(workflowRunEvent, event);
  if (
    eventName !== 'workflow_run' ||
    !parsed.success ||
    parsed.output.workflow_run.event !== 'pull_request'
  ) {
    throw new UserError(
      'E_CONFIG',
      "input 'results' belongs into a workflow that runs after one of the event pull_request",
      'run it `on: workflow_run`, for runs whose `workflow_run.event` is pull_request',
    );
  }
  const { head_sha: sha, html_url: runUrl, updated_at: updated } = parsed.output.workflow_run;
  return { sha, runUrl, at: `${new Date(updated).toISOString().slice(0, 19)}Z` };
}

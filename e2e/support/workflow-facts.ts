/** What a test sees of a site after a run: the cluster, the commit's statuses, the comments; and the events it makes. */
import { kubectl } from './rig.ts';
import { workflowConsumer } from './workflow-consumer.ts';
import { startWorkflowSite, type WorkflowSite } from './workflows.ts';

/** The consumer with its own workflows, whose production asks a reviewer. */
export async function startReviewedSite(): Promise<WorkflowSite> {
  const site = await startWorkflowSite(workflowConsumer);
  requireReview(site, 'production');
  return site;
}

/** Namespace → version of the application in it, of all namespaces of the site that live. */
export async function versions(site: WorkflowSite): Promise<Record<string, string>> {
  const lines = await kubectl(
    ...['get', 'deployments.apps', '--all-namespaces', '-o'],
    'jsonpath={range .items[*]}{.metadata.namespace} {.spec.template.metadata.labels.version}{"\\n"}{end}',
  );
  const pairs = lines.split('\n').map((line) => line.split(' '));
  return Object.fromEntries(
    pairs
      .filter(([namespace]) => namespace?.startsWith(`${site.prefix}-`))
      .map(([namespace = '', version = '']) => [namespace.slice(site.prefix.length + 1), version]),
  );
}

/** The last status of each context on a commit. */
export function statuses(site: WorkflowSite, sha: string): Record<string, string> {
  const own = site.repository.statuses.filter((status) => status.sha === sha);
  return Object.fromEntries(own.map(({ context, state }) => [context.replace('gated-delivery/', ''), state]));
}

/** The one comment of a pull request; '' when there is none. Throws when there are more. */
export function comment(site: WorkflowSite, pull: number): string {
  const found = site.repository.comments.filter(({ issue }) => issue === pull);
  if (found.length > 1) throw new Error(`${found.length} comments on pull request ${pull}`);
  return found[0]?.body ?? '';
}

/** A pull request as GitHub tells of it: its commits, its merge ref, its event. */
export function openPullRequest(
  { consumer, repository }: WorkflowSite,
  number: number,
  files: Readonly<Record<string, string>>,
  from = 'example/shop',
): { sha: string; ref: string; eventPayload: Record<string, unknown> } {
  const base = consumer.git('rev-parse', 'main');
  consumer.git('checkout', '-q', '-B', `topic-${number}`, base);
  const sha = consumer.commit(files, `change ${number}`);
  consumer.git('checkout', '-q', 'main');
  consumer.git('update-ref', `refs/pull/${number}/merge`, sha);
  const head = { ref: `topic-${number}`, sha, repo: { full_name: from } };
  repository.pulls.push({
    number,
    title: `change ${number}`,
    state: 'open',
    merged: false,
    draft: false,
    base: { ref: 'main', sha: base },
    head: { ref: head.ref, sha, repository: from },
    author: 'octocat',
  });
  const pull = { number, head, base: { ref: 'main', sha: base, repo: { full_name: 'example/shop' } } };
  return {
    sha,
    ref: `refs/pull/${number}/merge`,
    eventPayload: { action: 'opened', number, pull_request: pull },
  };
}

/** Merges the pull request into main as it is, by fast forward; gives the commit. */
export function mergePullRequest({ consumer, repository }: WorkflowSite, number: number): string {
  consumer.git('checkout', '-q', 'main');
  consumer.git('merge', '-q', '--ff-only', `topic-${number}`);
  const sha = consumer.git('rev-parse', 'main');
  const pull = repository.pulls.find((each) => each.number === number);
  Object.assign(pull ?? {}, { state: 'closed', merged: true, mergeSha: sha });
  return sha;
}

/** The environment gets one required reviewer, ada. */
export function requireReview({ repository }: WorkflowSite, environment: string): void {
  repository.environments.set(environment, {
    id: repository.environments.size + 1,
    name: environment,
    waitTimerMinutes: 0,
    reviewers: [{ type: 'User', name: 'ada', id: 2 }],
    preventSelfReview: false,
    branchPolicy: undefined,
  });
}

export interface PushEvent {
  readonly event: 'push';
  readonly ref: string;
  readonly eventPayload: Readonly<Record<string, unknown>>;
}

export function push(branch: string): PushEvent {
  const ref = `refs/heads/${branch}`;
  return { event: 'push', ref, eventPayload: { ref } };
}

import { gzipSync } from 'node:zlib';
import type * as v from 'valibot';
import { UserError } from '../action/errors.ts';
import { cutMarkdown } from '../summary/cut-markdown.ts';
import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import { batches } from './batches.ts';
import { toApiAnnotation } from './check-annotations.ts';
import { readEnvironment, readPullRequest } from './read-answers.ts';
import type { GitHubPort, StickyEdit } from './github-port.ts';
import { mapError, type Intent } from './map-error.ts';
import { createClient, type ClientOptions } from './octokit-client.ts';
import { ownComments, planStickyComment } from './sticky-comment.ts';

const annotationsPerRequest = 50;
const descriptionLength = 140;
const summaryBytes = 65_000;
const sarifBytes = 10 * 1024 * 1024;
/** GitHub lists no more files of a pull request. */
const listedFiles = 3_000;
/** Jobs that keep writing at the same time end up in order within a few looks. */
const commentLooks = 5;
/** A lost answer may hide that the work was done: these are not sent twice blindly. */
const once = { request: { retries: 0 } };

/** GitHub's REST API for `repository` (`owner/name`). */
export function octokitGitHub(options: ClientOptions & { readonly repository: string }): GitHubPort {
  const [owner = '', repo = ''] = options.repository.split('/');
  if (owner === '' || repo === '') {
    throw new UserError(
      'E_CONFIG',
      `'${options.repository}' is no repository`,
      'set GITHUB_REPOSITORY to owner/name',
    );
  }
  const name = { owner, repo };
  const { rest, paginate } = createClient(options);

  /** Runs a call, ends at once when the run is cancelled, and words what goes wrong. */
  const ask = async <T>(
    doing: string,
    permission: string,
    call: (intent: Intent) => Promise<T>,
  ): Promise<T> => {
    const intent = { doing, permission };
    try {
      return await untilAborted(call(intent), options.signal);
    } catch (error) {
      if (options.signal.aborted) throw options.signal.reason;
      throw mapError(error, intent);
    }
  };

  const comments = async (issue: number, doing: string): Promise<Parameters<typeof planStickyComment>[0]> => {
    const list: unknown[] = await paginate(rest.issues.listComments, {
      ...name,
      issue_number: issue,
      per_page: 100,
    });
    return list.map((each) => {
      const found = readAnswer(answers.comment, each, doing);
      return {
        id: found.id,
        body: found.body,
        authorType: found.user?.type ?? '',
        authorAssociation: found.author_association,
      };
    });
  };

  /** One look and at most one write. `lost` when the answer to a new comment is: it may be there all the same. */
  const writeOnce = async (
    { issue, marker, edit }: StickyEdit,
    doing: string,
  ): Promise<'created' | 'updated' | 'unchanged' | { lost: Error }> => {
    const plan = planStickyComment(await comments(issue, doing), { marker, edit });
    switch (plan.kind) {
      case 'unchanged':
        return 'unchanged';
      case 'update':
        await rest.issues.updateComment({ ...name, comment_id: plan.id, body: plan.body });
        return 'updated';
      case 'create':
        try {
          await rest.issues.createComment({ ...name, issue_number: issue, body: plan.body, ...once });
          return 'created';
        } catch (error) {
          if (!(error instanceof Error) || statusOf(error) < 500) throw error;
          return { lost: error };
        }
    }
  };

  /** Writes until a look finds nothing left to write; of two comments made at the same time the older one stays. */
  const writeComment = async (
    comment: StickyEdit,
    doing: string,
  ): Promise<'created' | 'updated' | 'unchanged'> => {
    let done: 'created' | 'updated' | 'unchanged' = 'unchanged';
    let lost: Error | undefined;
    for (let look = 0; look < commentLooks; look += 1) {
      const step = await writeOnce(comment, doing);
      if (step === 'unchanged') {
        if (lost !== undefined) done = 'created';
        const [, ...doubles] = ownComments(await comments(comment.issue, doing), comment.marker);
        // Another job may tidy up at the same time: one that is gone is as good.
        for (const { id } of doubles)
          await orNotFound(rest.issues.deleteComment({ ...name, comment_id: id }));
        return done;
      }
      if (typeof step === 'object') lost = step.lost;
      else if (done === 'unchanged') done = step;
    }
    if (lost !== undefined) throw lost;
    return done;
  };

  return {
    createCommitStatus: (status) =>
      ask('setting a commit status', 'statuses: write', async () => {
        await rest.repos.createCommitStatus({
          ...name,
          sha: status.sha,
          state: status.state,
          context: status.context,
          description: cutText(status.description, descriptionLength),
          ...(status.targetUrl === undefined ? {} : { target_url: status.targetUrl }),
        });
      }),

    createCheckRun: (check) =>
      ask('making a check run', 'checks: write', async ({ doing }) => {
        const [first = [], ...rests] = batches(check.annotations.map(toApiAnnotation), annotationsPerRequest);
        const output = {
          title: cutText(check.title, 255),
          summary: cutMarkdown(check.summary, summaryBytes),
        };
        // Completed from the start: a run that dies between two batches leaves no check that blocks for ever.
        const { data } = await rest.checks.create({
          ...name,
          name: check.name,
          head_sha: check.headSha,
          status: 'completed',
          conclusion: check.conclusion,
          ...(check.detailsUrl === undefined ? {} : { details_url: check.detailsUrl }),
          output: { ...output, annotations: first },
        });
        const { id } = readAnswer(answers.withId, data, doing);
        for (const batch of rests) {
          await rest.checks.update({
            ...name,
            check_run_id: id,
            status: 'completed',
            conclusion: check.conclusion,
            output: { ...output, annotations: batch },
          });
        }
        return id;
      }),

    upsertStickyComment: ({ issue, marker, body }) =>
      ask('writing a comment', 'pull-requests: write', ({ doing }) =>
        writeComment({ issue, marker, edit: () => body }, doing),
      ),

    editStickyComment: (comment) =>
      ask('writing a comment', 'pull-requests: write', ({ doing }) => writeComment(comment, doing)),

    getEnvironment: (environment) =>
      ask(`reading the environment ${environment}`, 'actions: read', async ({ doing }) => {
        const data = await orNotFound(rest.repos.getEnvironment({ ...name, environment_name: environment }));
        return data === undefined ? undefined : readEnvironment(data, doing);
      }),

    createDeployment: (deployment) =>
      ask('making a deployment', 'deployments: write', async ({ doing }) => {
        const { data } = await rest.repos.createDeployment({
          ...name,
          ref: deployment.ref,
          environment: deployment.environment,
          description: cutText(deployment.description, descriptionLength),
          production_environment: deployment.production,
          transient_environment: deployment.transient,
          // The gates of this suite have decided already; merging is nothing a deployment should do.
          required_contexts: [],
          auto_merge: false,
          ...once,
        });
        return readAnswer(answers.withId, data, doing).id;
      }),

    createDeploymentStatus: (id, status) =>
      ask('setting a deployment status', 'deployments: write', async () => {
        await rest.repos.createDeploymentStatus({
          ...name,
          deployment_id: id,
          state: status.state,
          description: cutText(status.description, descriptionLength),
          ...(status.environmentUrl === undefined ? {} : { environment_url: status.environmentUrl }),
          ...(status.logUrl === undefined ? {} : { log_url: status.logUrl }),
        });
      }),

    findPullRequestBySha: (sha) =>
      ask('looking for the pull request', 'pull-requests: read', async ({ doing }) => {
        const read = (list: readonly unknown[]): v.InferOutput<typeof answers.pullRequest>[] =>
          list.map((each) => readAnswer(answers.pullRequest, each, doing));
        const isHead = (pull: { state: string; head: { sha: string } }): boolean =>
          pull.state === 'open' && pull.head.sha === sha;
        const associated = read(
          readList(
            await orNotFound(
              rest.repos.listPullRequestsAssociatedWithCommit({ ...name, commit_sha: sha, per_page: 100 }),
            ),
          ),
        );
        let found = associated.find(isHead) ?? associated.find((pull) => pull.merge_commit_sha === sha);
        // A fork's commit may be unknown to that index.
        found ??= read(await paginate(rest.pulls.list, { ...name, state: 'open', per_page: 100 })).find(
          isHead,
        );
        return found === undefined ? undefined : readPullRequest(found);
      }),

    listPullRequestFiles: (number) =>
      ask('listing the changed files', 'pull-requests: read', async ({ doing }) => {
        const list: unknown[] = await paginate(rest.pulls.listFiles, {
          ...name,
          pull_number: number,
          per_page: 100,
        });
        const files = list.map((each) => {
          const file = readAnswer(answers.pullRequestFile, each, doing);
          return { path: file.filename, status: file.status, previousPath: file.previous_filename };
        });
        return { files, complete: files.length < listedFiles };
      }),

    uploadSarif: ({ commitSha, ref, log }) =>
      ask('uploading SARIF', 'security-events: write', async ({ doing }) => {
        const compressed = gzipSync(log);
        if (compressed.length > sarifBytes) {
          throw new UserError(
            'E_GITHUB',
            `the SARIF log has ${compressed.length} bytes compressed, GitHub takes ${sarifBytes}`,
            'scan less at once, or waive what is known',
          );
        }
        const sarif = compressed.toString('base64');
        const { data } = await rest.codeScanning.uploadSarif({ ...name, commit_sha: commitSha, ref, sarif });
        return readAnswer(answers.sarifReceipt, data, doing).id;
      }),

    getSarifState: (id) =>
      ask('asking for the state of a SARIF upload', 'security-events: read', async ({ doing }) => {
        const { data } = await rest.codeScanning.getSarif({ ...name, sarif_id: id });
        const { processing_status: state, errors } = readAnswer(answers.sarifStatus, data, doing);
        return { state, errors };
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

    findMergeBase: (base, head) =>
      ask('comparing two commits', 'contents: read', async ({ doing }) => {
        const basehead = `${base}...${head}`;
        const { data } = await rest.repos.compareCommitsWithBasehead({ ...name, basehead, per_page: 1 });
        return readAnswer(answers.comparison, data, doing).merge_base_commit.sha;
      }),
  };
}

async function orNotFound(call: Promise<{ data: unknown }>): Promise<unknown> {
  try {
    return (await call).data;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 0;
}

function readList(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? data : [];
}

function cutText(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

/** octokit's waits cannot be interrupted: the caller need not sit through them. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

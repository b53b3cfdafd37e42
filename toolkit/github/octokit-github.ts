import { gzipSync } from 'node:zlib';
import { UserError } from '../action/errors.ts';
import { cutMarkdown } from '../summary/cut-markdown.ts';
import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import { batches } from './batches.ts';
import { toApiAnnotation } from './check-annotations.ts';
import { readEnvironment, readPullRequest } from './read-answers.ts';
import type { GitHubPort, StickyComment } from './github-port.ts';
import { mapError, type Intent } from './map-error.ts';
import { createClient, type ClientOptions } from './octokit-client.ts';
import { planStickyComment } from './sticky-comment.ts';

const annotationsPerRequest = 50;
const descriptionLength = 140;
const summaryBytes = 65_000;
const sarifBytes = 10 * 1024 * 1024;
/** GitHub lists no more files of a pull request. */
const listedFiles = 3_000;
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

  const writeComment = async (
    comment: StickyComment,
    doing: string,
    tries: number,
  ): Promise<'created' | 'updated' | 'unchanged'> => {
    const plan = planStickyComment(await comments(comment.issue, doing), comment);
    switch (plan.kind) {
      case 'unchanged':
        return 'unchanged';
      case 'update':
        await rest.issues.updateComment({ ...name, comment_id: plan.id, body: plan.body });
        return 'updated';
      case 'create':
        try {
          await rest.issues.createComment({ ...name, issue_number: comment.issue, body: plan.body, ...once });
          return 'created';
        } catch (error) {
          if (tries <= 1 || statusOf(error) < 500) throw error;
          // It may be there although the answer was lost: look again before writing again.
          const second = await writeComment(comment, doing, tries - 1);
          return second === 'unchanged' ? 'created' : second;
        }
    }
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

    upsertStickyComment: (comment) =>
      ask('writing a comment', 'pull-requests: write', ({ doing }) => writeComment(comment, doing, 3)),

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
        const heads = (list: readonly unknown[]): ReturnType<typeof readPullRequest> | undefined =>
          list
            .map((each) => readAnswer(answers.pullRequest, each, doing))
            .filter((pull) => pull.state === 'open' && pull.head.sha === sha)
            .map(readPullRequest)[0];
        const associated = await orNotFound(
          rest.repos.listPullRequestsAssociatedWithCommit({ ...name, commit_sha: sha, per_page: 100 }),
        );
        const found = heads(readList(associated));
        if (found !== undefined) return found;
        // A fork's commit may be unknown to that index.
        const open: unknown[] = await paginate(rest.pulls.list, { ...name, state: 'open', per_page: 100 });
        return heads(open);
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

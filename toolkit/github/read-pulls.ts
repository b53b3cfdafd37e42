import type * as v from 'valibot';
import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import { orNotFound, type Api } from './api.ts';
import type { GitHubPort } from './github-port.ts';
import { readPullRequest } from './read-answers.ts';

/** GitHub lists no more files of a pull request. */
const listedFiles = 3_000;

/** Pull requests and their commits. */
export function pullReader({
  ask,
  rest,
  paginate,
  name,
}: Api): Pick<GitHubPort, 'findPullRequestBySha' | 'listPullRequestFiles' | 'findMergeBase'> {
  return {
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

    findMergeBase: (base, head) =>
      ask('comparing two commits', 'contents: read', async ({ doing }) => {
        const basehead = `${base}...${head}`;
        const { data } = await rest.repos.compareCommitsWithBasehead({ ...name, basehead, per_page: 1 });
        return readAnswer(answers.comparison, data, doing).merge_base_commit.sha;
      }),
  };
}

function readList(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? data : [];
}

import { cutMarkdown } from '../summary/cut-markdown.ts';
import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import type { Api } from './api.ts';
import { batches } from './batches.ts';
import { toApiAnnotation } from './check-annotations.ts';
import { cutText, descriptionLength } from './cut-text.ts';
import type { GitHubPort } from './github-port.ts';

const annotationsPerRequest = 50;
const summaryBytes = 65_000;

/** Commit statuses and check runs. */
export function checkWriter({
  ask,
  rest,
  name,
}: Api): Pick<GitHubPort, 'createCommitStatus' | 'createCheckRun'> {
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
  };
}

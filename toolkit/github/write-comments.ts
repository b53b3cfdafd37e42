import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import { once, orNotFound, statusOf, type Api } from './api.ts';
import type { GitHubPort, StickyEdit } from './github-port.ts';
import { ownComments, planStickyComment } from './sticky-comment.ts';

/** Jobs that keep writing at the same time end up in order within a few looks. */
const commentLooks = 5;

/** One comment per marker. */
export function commentWriter({
  ask,
  rest,
  paginate,
  name,
}: Api): Pick<GitHubPort, 'upsertStickyComment' | 'editStickyComment'> {
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
    upsertStickyComment: ({ issue, marker, body }) =>
      ask('writing a comment', 'pull-requests: write', ({ doing }) =>
        writeComment({ issue, marker, edit: () => body }, doing),
      ),

    editStickyComment: (comment) =>
      ask('writing a comment', 'pull-requests: write', ({ doing }) => writeComment(comment, doing)),
  };
}

import { complete, type Json } from '../complete.ts';
import { user } from '../people.ts';
import type { Comment } from '../state.ts';
import { Refusal, byId, textOf, type Call, type Handlers } from './call.ts';

const bodyLength = 65_536;

function render(comment: Comment, { url, repository }: Call): Json {
  const base = `${url}/repos/${repository.fullName}/issues`;
  return complete('issue-comment', {
    id: comment.id,
    url: `${base}/comments/${comment.id}`,
    html_url: `https://github.com/${repository.fullName}/pull/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${base}/${comment.issue}`,
    body: comment.body,
    user: user(comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: 'NONE',
  });
}

function bodyOf(call: Call): string {
  const body = textOf(call.body, 'body') ?? '';
  const refuse = (message: string): never => {
    throw new Refusal(422, 'Validation Failed', [
      { resource: 'IssueComment', code: 'unprocessable', field: 'data', message },
    ]);
  };
  if (body.trim() === '') refuse('Body cannot be blank');
  if (body.length > bodyLength) refuse(`Body is too long (maximum is ${bodyLength} characters)`);
  return body;
}

export const comments: Handlers = {
  'issues/create-comment': (call) => {
    const now = call.now();
    const comment: Comment = {
      id: call.state.nextId(),
      issue: Number(call.params.issue_number),
      body: bodyOf(call),
      author: call.login,
      createdAt: now,
      updatedAt: now,
      edits: 0,
    };
    call.repository.comments.push(comment);
    return { status: 201, body: render(comment, call) };
  },

  'issues/list-comments': (call) => {
    const issue = Number(call.params.issue_number);
    const items = call.repository.comments.filter((comment) => comment.issue === issue);
    return { items: items.map((comment) => render(comment, call)) };
  },

  'issues/get-comment': (call) => ({
    status: 200,
    body: render(byId(call.repository.comments, call.params.comment_id), call),
  }),

  'issues/update-comment': (call) => {
    const comment = byId(call.repository.comments, call.params.comment_id);
    comment.body = bodyOf(call);
    comment.updatedAt = call.now();
    comment.edits += 1;
    return { status: 200, body: render(comment, call) };
  },

  'issues/delete-comment': (call) => {
    const { comments: all } = call.repository;
    all.splice(all.indexOf(byId(all, call.params.comment_id)), 1);
    return { status: 204 };
  },
};

import { complete, type Json, type JsonObject } from '../complete.ts';
import { user } from '../people.ts';
import type { PullRequest } from '../state.ts';
import { changedFiles } from './compare.ts';
import { notFound, type Call, type Handlers } from './call.ts';

function side({ ref, sha }: { ref: string; sha: string }, fullName: string): JsonObject {
  const [owner = '', name = ''] = fullName.split('/');
  return {
    label: `${owner}:${ref}`,
    ref,
    sha,
    user: user(owner),
    repo: { full_name: fullName, name, owner: user(owner) },
  };
}

function render(schema: string, pull: PullRequest, call: Call): Json {
  const { url, repository } = call;
  const html = `https://github.com/${repository.fullName}/pull/${pull.number}`;
  return complete(schema, {
    id: pull.number,
    number: pull.number,
    title: pull.title,
    state: pull.state,
    draft: pull.draft,
    merged: pull.merged,
    merge_commit_sha: pull.mergeSha ?? null,
    merged_at: pull.merged ? call.now() : null,
    url: `${url}/repos/${repository.fullName}/pulls/${pull.number}`,
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    user: user(pull.author),
    base: side(pull.base, repository.fullName),
    head: side(pull.head, pull.head.repository),
    author_association: 'NONE',
  });
}

function find({ repository, params }: Call): PullRequest {
  const pull = repository.pulls.find(({ number }) => String(number) === params.pull_number);
  if (pull === undefined) throw notFound();
  return pull;
}

export const pulls: Handlers = {
  'pulls/list': (call) => {
    const state = call.query.get('state') ?? 'open';
    const base = call.query.get('base');
    const head = call.query.get('head');
    const items = call.repository.pulls.filter(
      (pull) =>
        (state === 'all' || pull.state === state) &&
        (base === null || pull.base.ref === base) &&
        (head === null || head === `${pull.head.repository.split('/')[0] ?? ''}:${pull.head.ref}`),
    );
    return { items: items.reverse().map((pull) => render('pull-request-simple', pull, call)) };
  },

  'pulls/get': (call) => ({ status: 200, body: render('pull-request', find(call), call) }),

  'pulls/list-files': async (call) => {
    const pull = find(call);
    const files = pull.files?.map(({ filename, status, previous }) => ({
      filename,
      status,
      ...(previous === undefined ? {} : { previous_filename: previous }),
    }));
    const items = files ?? (await changedFiles(call.repository, pull.base.sha, pull.head.sha));
    return { items: items.map((file) => complete('diff-entry', file)) };
  },

  // Like GitHub: a commit of a fork's pull request is found by the base repository too.
  'repos/list-pull-requests-associated-with-commit': (call) => {
    const sha = call.params.commit_sha;
    const items = call.repository.pulls.filter((pull) => pull.head.sha === sha || pull.mergeSha === sha);
    return { items: items.map((pull) => render('pull-request-simple', pull, call)) };
  },
};

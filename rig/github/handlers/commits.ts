import { complete, type Json, type JsonObject } from '../complete.ts';
import { user } from '../people.ts';
import { gitOrNotFound, resolveCommit } from './commits-of.ts';
import { notFound, textOf, type Call, type Handlers, Refusal } from './call.ts';

export async function renderCommit(call: Call, sha: string): Promise<JsonObject> {
  const text = await gitOrNotFound(
    call.repository,
    'show',
    '--no-patch',
    '--format=%an%x00%ae%x00%aI%x00%P%x00%T%x00%B',
    sha,
  );
  const [name = '', email = '', date = '', parents = '', tree = '', message = ''] = text.split('\0');
  const person = { name, email, date };
  return complete('commit', {
    sha,
    url: `${call.url}/repos/${call.repository.fullName}/commits/${sha}`,
    html_url: `https://github.com/${call.repository.fullName}/commit/${sha}`,
    commit: {
      message: message.trim(),
      author: person,
      committer: person,
      tree: { sha: tree },
      url: call.url,
      comment_count: 0,
    },
    author: user(name),
    committer: user(name),
    parents: parents
      .split(' ')
      .filter(Boolean)
      .map((parent) => ({ sha: parent })),
  });
}

async function renderRef(call: Call, ref: string): Promise<Json> {
  const { repository, url } = call;
  const sha = await gitOrNotFound(repository, 'rev-parse', '--verify', `refs/${ref}`);
  const type = await gitOrNotFound(repository, 'cat-file', '-t', sha);
  return complete('git-ref', {
    ref: `refs/${ref}`,
    url: `${url}/repos/${repository.fullName}/git/refs/${ref}`,
    object: { sha, type, url: `${url}/repos/${repository.fullName}/git/${type}s/${sha}` },
  });
}

export const commits: Handlers = {
  'repos/get': (call) => {
    const { repository } = call;
    const [owner = '', name = ''] = repository.fullName.split('/');
    return {
      status: 200,
      body: complete('full-repository', {
        id: repository.id,
        name,
        full_name: repository.fullName,
        owner: user(owner),
        default_branch: repository.defaultBranch,
        html_url: `https://github.com/${repository.fullName}`,
        url: `${call.url}/repos/${repository.fullName}`,
      }),
    };
  },

  'repos/get-commit': async (call) => {
    const sha = await resolveCommit(call.repository, call.params.ref ?? '');
    return { status: 200, body: await renderCommit(call, sha) };
  },

  'repos/list-commits': async (call) => {
    const start = await resolveCommit(
      call.repository,
      call.query.get('sha') ?? call.repository.defaultBranch,
    );
    const list = await gitOrNotFound(call.repository, 'rev-list', '--max-count=500', start);
    return { items: await Promise.all(list.split('\n').map((sha) => renderCommit(call, sha))) };
  },

  'git/get-ref': async (call) => ({ status: 200, body: await renderRef(call, call.params.ref ?? '') }),

  'git/create-ref': async (call) => {
    const ref = textOf(call.body, 'ref') ?? '';
    const sha = textOf(call.body, 'sha') ?? '';
    if (!/^refs\/[^/]+\/.+/.test(ref))
      throw new Refusal(422, "Reference name must start with 'refs/' and contain at least 2 slashes.");
    await gitOrNotFound(call.repository, 'cat-file', '-e', sha).catch(() => {
      throw new Refusal(422, 'Object does not exist');
    });
    const exists = await gitOrNotFound(call.repository, 'rev-parse', '--verify', ref).catch(() => undefined);
    if (exists !== undefined) throw new Refusal(422, 'Reference already exists');
    await gitOrNotFound(call.repository, 'update-ref', ref, sha);
    return { status: 201, body: await renderRef(call, ref.replace(/^refs\//, '')) };
  },

  'git/delete-ref': async (call) => {
    const ref = `refs/${call.params.ref ?? ''}`;
    await gitOrNotFound(call.repository, 'rev-parse', '--verify', ref).catch(() => {
      throw new Refusal(422, 'Reference does not exist');
    });
    await gitOrNotFound(call.repository, 'update-ref', '-d', ref);
    return { status: 204 };
  },

  'repos/get-content': async (call) => {
    const { repository, params } = call;
    const ref = await resolveCommit(repository, call.query.get('ref') ?? repository.defaultBranch);
    const path = params.path ?? '';
    if (repository.git === undefined) throw notFound();
    const sha = await gitOrNotFound(repository, 'rev-parse', '--verify', `${ref}:${path}`);
    const text = await gitOrNotFound(repository, 'show', `${ref}:${path}`);
    const address = `${call.url}/repos/${repository.fullName}/contents/${path}`;
    return {
      status: 200,
      body: complete('content-file', {
        type: 'file',
        encoding: 'base64',
        name: path.split('/').at(-1) ?? '',
        path,
        sha,
        size: Buffer.byteLength(text),
        content: Buffer.from(text).toString('base64'),
        url: address,
      }),
    };
  },
};

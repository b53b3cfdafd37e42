import { complete, type Json } from '../complete.ts';
import { user } from '../people.ts';
import type { CommitStatus } from '../state.ts';
import { requireCommit, resolveCommit } from './commits-of.ts';
import { Refusal, textOf, type Handlers } from './call.ts';

const perContext = 1000;
const descriptionLength = 140;

function render(status: CommitStatus): Json {
  return complete('status', {
    id: status.id,
    state: status.state,
    context: status.context,
    description: status.description,
    target_url: status.targetUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: user(status.creator),
  });
}

export const statuses: Handlers = {
  'repos/create-commit-status': async (call) => {
    const { repository, body } = call;
    const sha = await requireCommit(repository, call.params.sha ?? '');
    const context = textOf(body, 'context') ?? 'default';
    const description = textOf(body, 'description') ?? null;
    if ((description?.length ?? 0) > descriptionLength) {
      throw new Refusal(422, 'Validation Failed', [
        {
          resource: 'Status',
          code: 'custom',
          field: 'description',
          message: `description is too long (maximum is ${descriptionLength} characters)`,
        },
      ]);
    }
    const same = repository.statuses.filter((status) => status.sha === sha && status.context === context);
    if (same.length >= perContext) {
      throw new Refusal(422, 'Validation Failed', [
        {
          resource: 'Status',
          code: 'custom',
          message: 'This SHA and context has reached the maximum number of statuses.',
        },
      ]);
    }
    const status: CommitStatus = {
      id: call.state.nextId(),
      sha,
      context,
      state: body.state as CommitStatus['state'],
      description,
      targetUrl: textOf(body, 'target_url') ?? null,
      creator: call.login,
      createdAt: call.now(),
    };
    repository.statuses.push(status);
    return { status: 201, body: render(status) };
  },

  'repos/list-commit-statuses-for-ref': async ({ repository, params }) => {
    const sha = await resolveCommit(repository, params.ref ?? '');
    const items = repository.statuses.filter((status) => status.sha === sha);
    return { items: items.reverse().map(render) };
  },

  'repos/get-combined-status-for-ref': async ({ repository, params }) => {
    const sha = await resolveCommit(repository, params.ref ?? '');
    const latest = new Map<string, CommitStatus>();
    for (const status of repository.statuses) if (status.sha === sha) latest.set(status.context, status);
    const states = [...latest.values()].map((status) => status.state);
    const failed = states.some((state) => state === 'failure' || state === 'error');
    const state = failed
      ? 'failure'
      : states.length > 0 && states.every((s) => s === 'success')
        ? 'success'
        : 'pending';
    const name = repository.fullName.split('/')[1] ?? '';
    return {
      items: [...latest.values()].map((status) =>
        complete('simple-commit-status', {
          id: status.id,
          state: status.state,
          context: status.context,
          description: status.description,
          target_url: status.targetUrl,
        }),
      ),
      wrap: (page, total) =>
        complete('combined-commit-status', {
          state,
          sha,
          statuses: page,
          total_count: total,
          repository: { id: repository.id, name, full_name: repository.fullName },
        }),
    };
  },
};

import { complete, type Json, type JsonObject } from '../complete.ts';
import { user } from '../people.ts';
import type { Environment } from '../state.ts';
import { notFound, type Call, type Handlers } from './call.ts';

/** The environment of this name; like GitHub, using one that does not exist makes it, without protection. */
export function environmentOf(
  { repository, state }: Pick<Call, 'repository' | 'state'>,
  name: string,
): Environment {
  const found = repository.environments.get(name);
  if (found !== undefined) return found;
  const environment: Environment = {
    id: state.nextId(),
    name,
    waitTimerMinutes: 0,
    reviewers: [],
    preventSelfReview: false,
    branchPolicy: undefined,
  };
  repository.environments.set(name, environment);
  return environment;
}

function rules(environment: Environment): JsonObject[] {
  const { id, waitTimerMinutes, reviewers, branchPolicy } = environment;
  const wait = { id, node_id: 'W', type: 'wait_timer', wait_timer: waitTimerMinutes };
  const required = {
    id: id + 1,
    node_id: 'R',
    type: 'required_reviewers',
    prevent_self_review: environment.preventSelfReview,
    reviewers: reviewers.map((reviewer) => ({
      type: reviewer.type,
      reviewer:
        reviewer.type === 'User'
          ? user(reviewer.name, reviewer.id)
          : complete('team', { id: reviewer.id, name: reviewer.name, slug: reviewer.name }),
    })),
  };
  const branches = { id: id + 2, node_id: 'B', type: 'branch_policy' };
  return [
    ...(waitTimerMinutes > 0 ? [wait] : []),
    ...(reviewers.length > 0 ? [required] : []),
    ...(branchPolicy === undefined ? [] : [branches]),
  ];
}

function render(environment: Environment, { url, repository }: Call): Json {
  const { branchPolicy } = environment;
  return complete('environment', {
    id: environment.id,
    name: environment.name,
    url: `${url}/repos/${repository.fullName}/environments/${encodeURIComponent(environment.name)}`,
    protection_rules: rules(environment),
    deployment_branch_policy:
      branchPolicy === undefined
        ? null
        : {
            protected_branches: branchPolicy === 'protected',
            custom_branch_policies: branchPolicy === 'custom',
          },
  });
}

export const environments: Handlers = {
  'repos/get-environment': (call) => {
    const environment = call.repository.environments.get(call.params.environment_name ?? '');
    if (environment === undefined) throw notFound();
    return { status: 200, body: render(environment, call) };
  },

  'repos/get-all-environments': (call) => ({
    items: [...call.repository.environments.values()].map((environment) => render(environment, call)),
    wrap: (page, total) => ({ total_count: total, environments: page }),
  }),

  'repos/create-or-update-environment': (call) => {
    const environment = environmentOf(call, call.params.environment_name ?? '');
    const { wait_timer: wait, reviewers, prevent_self_review: own } = call.body;
    if (typeof wait === 'number') environment.waitTimerMinutes = wait;
    if (typeof own === 'boolean') environment.preventSelfReview = own;
    if (Array.isArray(reviewers)) {
      environment.reviewers = (reviewers as { type: 'User' | 'Team'; id: number }[]).map(({ type, id }) => ({
        type,
        id,
        name: `${type.toLowerCase()}-${id}`,
      }));
    }
    return { status: 200, body: render(environment, call) };
  },
};

import { complete, type Json } from '../complete.ts';
import { user } from '../people.ts';
import type { Deployment, DeploymentStatus } from '../state.ts';
import { environmentOf } from './environments.ts';
import { resolveCommit } from './commits-of.ts';
import { Refusal, byId, textOf, type Call, type Handlers } from './call.ts';

function addresses(call: Call, id: number): { url: string; statuses_url: string; repository_url: string } {
  const repository_url = `${call.url}/repos/${call.repository.fullName}`;
  const url = `${repository_url}/deployments/${id}`;
  return { url, statuses_url: `${url}/statuses`, repository_url };
}

function render(deployment: Deployment, call: Call): Json {
  return complete('deployment', {
    ...addresses(call, deployment.id),
    id: deployment.id,
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    environment: deployment.environment,
    original_environment: deployment.environment,
    description: deployment.description,
    payload: deployment.payload as Json,
    creator: user(deployment.creator),
    created_at: deployment.createdAt,
    updated_at: deployment.createdAt,
  });
}

function renderStatus(status: DeploymentStatus, deployment: Deployment, call: Call): Json {
  const { url, repository_url } = addresses(call, deployment.id);
  return complete('deployment-status', {
    id: status.id,
    url: `${url}/statuses/${status.id}`,
    state: status.state,
    description: status.description,
    environment: deployment.environment,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    target_url: status.logUrl,
    deployment_url: url,
    repository_url,
    creator: user(deployment.creator),
    created_at: status.createdAt,
    updated_at: status.createdAt,
  });
}

export const deployments: Handlers = {
  'repos/create-deployment': async (call) => {
    const { body, repository } = call;
    const ref = textOf(body, 'ref') ?? '';
    const sha = await resolveCommit(repository, ref).catch(() => {
      throw new Refusal(422, `No ref found for: ${ref}`);
    });
    const wanted = body.required_contexts as string[] | undefined;
    const latest = new Map(repository.statuses.filter((s) => s.sha === sha).map((s) => [s.context, s.state]));
    const missing = (wanted ?? [...latest.keys()]).filter((context) => latest.get(context) !== 'success');
    if (missing.length > 0) {
      throw new Refusal(409, `Conflict: Commit status checks failed for ${ref}.`, [
        { resource: 'Deployment', field: 'required_contexts', code: 'invalid', contexts: missing },
      ]);
    }
    const environment = environmentOf(call, textOf(body, 'environment') ?? 'production');
    const deployment: Deployment = {
      id: call.state.nextId(),
      ref,
      sha,
      environment: environment.name,
      task: textOf(body, 'task') ?? 'deploy',
      description: textOf(body, 'description') ?? null,
      payload: body.payload ?? {},
      creator: call.login,
      createdAt: call.now(),
      statuses: [],
    };
    repository.deployments.push(deployment);
    return { status: 201, body: render(deployment, call) };
  },

  'repos/list-deployments': (call) => {
    const wanted = (name: string, value: string): boolean => [null, value].includes(call.query.get(name));
    const items = call.repository.deployments.filter(
      (each) => wanted('sha', each.sha) && wanted('ref', each.ref) && wanted('environment', each.environment),
    );
    return { items: items.reverse().map((deployment) => render(deployment, call)) };
  },

  'repos/get-deployment': (call) => ({
    status: 200,
    body: render(byId(call.repository.deployments, call.params.deployment_id), call),
  }),

  'repos/create-deployment-status': (call) => {
    const { body } = call;
    const deployment = byId(call.repository.deployments, call.params.deployment_id);
    const status: DeploymentStatus = {
      id: call.state.nextId(),
      state: textOf(body, 'state') ?? '',
      description: textOf(body, 'description') ?? '',
      environmentUrl: textOf(body, 'environment_url') ?? '',
      logUrl: textOf(body, 'log_url') ?? textOf(body, 'target_url') ?? '',
      createdAt: call.now(),
    };
    deployment.statuses.push(status);
    return { status: 201, body: renderStatus(status, deployment, call) };
  },

  'repos/list-deployment-statuses': (call) => {
    const deployment = byId(call.repository.deployments, call.params.deployment_id);
    return {
      items: [...deployment.statuses].reverse().map((status) => renderStatus(status, deployment, call)),
    };
  },
};

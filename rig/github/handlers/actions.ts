import { complete, type Json } from '../complete.ts';
import { user } from '../people.ts';
import type { Artifact, WorkflowRunState } from '../state.ts';
import { byId, type Call, type Handlers } from './call.ts';
import { environmentOf } from './environments.ts';

function render(run: WorkflowRunState, call: Call): Json {
  const { repository, url } = call;
  const [owner = '', name = ''] = repository.fullName.split('/');
  const base = `${url}/repos/${repository.fullName}/actions/runs/${run.id}`;
  const home = { id: repository.id, name, full_name: repository.fullName, owner: { login: owner } };
  return complete('workflow-run', {
    id: run.id,
    name: run.name,
    event: run.event,
    head_sha: run.headSha,
    head_branch: run.headBranch,
    head_commit: null,
    run_attempt: run.attempt,
    run_number: run.id,
    status: run.status,
    conclusion: run.conclusion,
    url: base,
    html_url: `https://github.com/${repository.fullName}/actions/runs/${run.id}`,
    jobs_url: `${base}/jobs`,
    created_at: run.startedAt,
    updated_at: run.startedAt,
    repository: home,
    head_repository: home,
  });
}

function renderArtifact(artifact: Artifact, { url, repository }: Call): Json {
  const base = `${url}/repos/${repository.fullName}/actions/artifacts/${artifact.id}`;
  return complete('artifact', {
    id: artifact.id,
    name: artifact.name,
    size_in_bytes: artifact.bytes,
    expired: artifact.expired,
    url: base,
    archive_download_url: `${base}/zip`,
    workflow_run: { id: artifact.runId },
  });
}

function jobsOf(call: Call): { items: Json[]; wrap: (page: readonly Json[], total: number) => Json } {
  const run = byId(call.repository.runs, call.params.run_id);
  const items = run.jobs.map((job) =>
    complete('job', {
      id: job.id,
      run_id: run.id,
      head_sha: run.headSha,
      name: job.name,
      status: job.status,
      conclusion: job.conclusion,
    }),
  );
  return { items, wrap: (page, total) => ({ total_count: total, jobs: page }) };
}

const wrapArtifacts = (page: readonly Json[], total: number): Json => ({
  total_count: total,
  artifacts: page,
});

export const actions: Handlers = {
  'actions/get-workflow-run': (call) => ({
    status: 200,
    body: render(byId(call.repository.runs, call.params.run_id), call),
  }),

  'actions/get-reviews-for-run': (call) => ({
    status: 200,
    body: call.repository.reviews
      .filter(({ runId }) => String(runId) === call.params.run_id)
      .map(({ environments, state, by, comment }) =>
        complete('environment-approvals', {
          environments: environments.map((name) => ({ id: environmentOf(call, name).id, name })),
          state,
          user: user(by),
          comment,
        }),
      ),
  }),

  'actions/list-workflow-runs-for-repo': (call) => {
    const wanted = (name: string, value: string): boolean => [null, value].includes(call.query.get(name));
    const items = call.repository.runs.filter(
      (run) =>
        wanted('head_sha', run.headSha) &&
        wanted('branch', run.headBranch) &&
        wanted('event', run.event) &&
        (wanted('status', run.status) || wanted('status', run.conclusion ?? '')),
    );
    return {
      items: items.reverse().map((run) => render(run, call)),
      wrap: (page, total) => ({ total_count: total, workflow_runs: page }),
    };
  },

  'actions/list-jobs-for-workflow-run': jobsOf,
  'actions/list-jobs-for-workflow-run-attempt': jobsOf,

  'actions/list-artifacts-for-repo': (call) => {
    const name = call.query.get('name');
    const items = call.repository.artifacts.filter((artifact) => name === null || artifact.name === name);
    return { items: items.map((artifact) => renderArtifact(artifact, call)), wrap: wrapArtifacts };
  },

  'actions/list-workflow-run-artifacts': (call) => {
    const items = call.repository.artifacts.filter(({ runId }) => String(runId) === call.params.run_id);
    return { items: items.map((artifact) => renderArtifact(artifact, call)), wrap: wrapArtifacts };
  },

  'actions/get-artifact': (call) => ({
    status: 200,
    body: renderArtifact(byId(call.repository.artifacts, call.params.artifact_id), call),
  }),
};

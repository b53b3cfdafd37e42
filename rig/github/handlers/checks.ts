import { complete, type Json } from '../complete.ts';
import type { Annotation, CheckRun } from '../state.ts';
import { requireCommit, resolveCommit } from './commits-of.ts';
import { byId, textOf, type Call, type Handlers } from './call.ts';

type Output = Readonly<Record<string, unknown>> & { readonly annotations?: readonly Annotation[] };

function render(check: CheckRun, { url, repository }: Call): Json {
  const address = `${url}/repos/${repository.fullName}/check-runs/${check.id}`;
  return complete('check-run', {
    id: check.id,
    head_sha: check.headSha,
    name: check.name,
    status: check.status,
    conclusion: check.conclusion,
    details_url: check.detailsUrl,
    external_id: check.externalId,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    url: address,
    html_url: `https://github.com/${repository.fullName}/runs/${check.id}`,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${address}/annotations`,
    },
    pull_requests: [],
  });
}

/** Takes over what a request says; annotations are added to those that are there. */
function apply(check: CheckRun, { body, now }: Call): void {
  check.name = textOf(body, 'name') ?? check.name;
  check.detailsUrl = textOf(body, 'details_url') ?? check.detailsUrl;
  check.externalId = textOf(body, 'external_id') ?? check.externalId;
  const conclusion = textOf(body, 'conclusion');
  check.status = conclusion === undefined ? (textOf(body, 'status') ?? check.status) : 'completed';
  check.conclusion = conclusion ?? check.conclusion;
  check.startedAt = textOf(body, 'started_at') ?? check.startedAt;
  if (check.status === 'completed') check.completedAt = textOf(body, 'completed_at') ?? now();
  const output = body.output as Output | undefined;
  if (output === undefined) return;
  check.title = textOf(output, 'title') ?? check.title;
  check.summary = textOf(output, 'summary') ?? check.summary;
  check.text = textOf(output, 'text') ?? check.text;
  check.annotations.push(...(output.annotations ?? []));
}

export const checks: Handlers = {
  'checks/create': async (call) => {
    const check: CheckRun = {
      id: call.state.nextId(),
      headSha: await requireCommit(call.repository, textOf(call.body, 'head_sha') ?? ''),
      name: '',
      status: 'queued',
      conclusion: null,
      title: null,
      summary: null,
      text: null,
      detailsUrl: null,
      externalId: null,
      annotations: [],
      startedAt: call.now(),
      completedAt: null,
    };
    apply(check, call);
    call.repository.checkRuns.push(check);
    return { status: 201, body: render(check, call) };
  },

  'checks/update': (call) => {
    const check = byId(call.repository.checkRuns, call.params.check_run_id);
    apply(check, call);
    return { status: 200, body: render(check, call) };
  },

  'checks/get': (call) => ({
    status: 200,
    body: render(byId(call.repository.checkRuns, call.params.check_run_id), call),
  }),

  'checks/list-for-ref': async (call) => {
    const sha = await resolveCommit(call.repository, call.params.ref ?? '');
    const name = call.query.get('check_name');
    const items = call.repository.checkRuns.filter(
      (check) => check.headSha === sha && (name === null || check.name === name),
    );
    return {
      items: items.map((check) => render(check, call)),
      wrap: (page, total) => ({ total_count: total, check_runs: page }),
    };
  },

  'checks/list-annotations': (call) => {
    const check = byId(call.repository.checkRuns, call.params.check_run_id);
    return { items: check.annotations.map((annotation) => complete('check-annotation', { ...annotation })) };
  },
};

import { join } from 'node:path';
import type { WorkflowRun } from './workflow-run.ts';

const labels = ['ubuntu-latest', 'ubuntu-24.04', 'ubuntu-22.04', 'ubuntu-24.04-arm', 'self-hosted'];

/** act's arguments, and the files they name (written as JSON, which is YAML too): secrets never stand in argv. */
export function actArguments(
  run: WorkflowRun,
  origin: { readonly sha: string; readonly workTree: string },
): { args: string[]; files: Record<string, Readonly<Record<string, unknown>>> } {
  const repository = run.repository ?? 'example/shop';
  const file = (name: string): string => join(run.outDir, name);
  const suite = run.suite;
  const github = {
    GITHUB_REPOSITORY: repository,
    GITHUB_REPOSITORY_OWNER: repository.split('/')[0] ?? '',
    GITHUB_REF: run.ref,
    GITHUB_RUN_ID: String(run.runId ?? 1),
    GITHUB_RUN_NUMBER: String(run.runId ?? 1),
    GITHUB_RUN_ATTEMPT: String(run.runAttempt ?? 1),
    // The name act reads github.sha from.
    SHA_REF: origin.sha,
    ...(run.githubUrl === undefined ? {} : { GITHUB_API_URL: run.githubUrl }),
  };
  return {
    args: [
      run.event,
      '--json',
      ...['--directory', origin.workTree],
      ...['--workflows', join(origin.workTree, run.workflow)],
      ...['--eventpath', file('event.json')],
      ...['--env-file', file('env.yml')],
      ...['--secret-file', file('secrets.yml')],
      ...['--var-file', file('vars.yml')],
      ...['--input-file', file('inputs.yml')],
      ...['--action-cache-path', file('runner')],
      ...['--actor', run.actor ?? 'octocat'],
      ...['--action-offline-mode', '--no-skip-checkout', '--no-cache-server', '--pull=false', '--rm'],
      ...labels.flatMap((label) => ['--platform', `${label}=-self-hosted`]),
      ...(suite === undefined
        ? []
        : ['--local-repository', `${suite.repository}@${suite.ref}=${suite.path}`]),
    ],
    files: {
      'event.json': run.eventPayload ?? {},
      'env.yml': github,
      'secrets.yml': run.secrets ?? {},
      'vars.yml': run.vars ?? {},
      'inputs.yml': {},
    },
  };
}

import { readFileSync } from 'node:fs';

/** What the runner says about this run. Empty strings where it says nothing (a run outside GitHub). */
export interface GitHubContext {
  readonly repository: string;
  readonly sha: string;
  readonly ref: string;
  readonly refName: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly eventName: string;
  readonly event: Readonly<Record<string, unknown>>;
  readonly actor: string;
  readonly runId: string;
  readonly runAttempt: string;
  readonly job: string;
  readonly workspace: string;
  readonly runnerTemp: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
}

/** Reads the `GITHUB_*` and `RUNNER_*` variables and the event file; a missing or broken event file is `{}`. */
export function readGitHubContext(env: Readonly<Record<string, string | undefined>>): GitHubContext {
  const get = (name: string): string => env[name] ?? '';
  return {
    repository: get('GITHUB_REPOSITORY'),
    sha: get('GITHUB_SHA'),
    ref: get('GITHUB_REF'),
    refName: get('GITHUB_REF_NAME'),
    headRef: get('GITHUB_HEAD_REF'),
    baseRef: get('GITHUB_BASE_REF'),
    eventName: get('GITHUB_EVENT_NAME'),
    event: readEvent(get('GITHUB_EVENT_PATH')),
    actor: get('GITHUB_ACTOR'),
    runId: get('GITHUB_RUN_ID'),
    runAttempt: get('GITHUB_RUN_ATTEMPT') || '1',
    job: get('GITHUB_JOB'),
    workspace: get('GITHUB_WORKSPACE') || process.cwd(),
    runnerTemp: get('RUNNER_TEMP'),
    apiUrl: get('GITHUB_API_URL') || 'https://api.github.com',
    serverUrl: get('GITHUB_SERVER_URL') || 'https://github.com',
  };
}

/** Address of the run; '' outside GitHub. */
export function runUrlOf({
  serverUrl,
  repository,
  runId,
}: Pick<GitHubContext, 'serverUrl' | 'repository' | 'runId'>): string {
  return runId === '' ? '' : `${serverUrl}/${repository}/actions/runs/${runId}`;
}

function readEvent(path: string): Record<string, unknown> {
  if (path === '') return {};
  try {
    const event: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof event === 'object' && event !== null ? (event as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

import { UserError } from '../../../toolkit/action/errors.ts';
import type { GitHubContext } from '../../../toolkit/action/github-context.ts';
import type { EnvironmentEntry } from '../../../toolkit/environments/entry.ts';
import { resolveEnvironment, type Resolution } from '../../../toolkit/environments/resolve-environment.ts';

export interface TargetRequest {
  readonly entries: readonly EnvironmentEntry[];
  readonly branch: string;
  readonly environment: string;
  readonly onUnmapped: 'skip' | 'fail';
  readonly github: Pick<GitHubContext, 'ref' | 'headRef' | 'eventName' | 'event'>;
}

/** Where this run deploys to. Throws E_UNMAPPED when nowhere and that is to fail. */
export function resolveTarget({
  entries,
  branch,
  environment,
  onUnmapped,
  github,
}: TargetRequest): Resolution {
  const resolution = resolveEnvironment({ ...github, entries, branch, environment });
  if (resolution.kind === 'unmapped' && onUnmapped === 'fail') {
    throw new UserError('E_UNMAPPED', resolution.reason, 'add an entry, or set `on-unmapped: skip`');
  }
  return resolution;
}

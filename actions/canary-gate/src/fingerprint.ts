import { createHash } from 'node:crypto';
import type { GitHubContext } from '../../../toolkit/action/github-context.ts';
import type { Inputs } from './inputs.ts';

/** Tells whether a saved state belongs to this gate: same repository, commit, arms, metrics and levels. */
export function fingerprint(inputs: Inputs, github: Pick<GitHubContext, 'repository' | 'sha'>): string {
  const { arms, metrics, intervalMs, alpha, promoteAlpha, weights, router, startMs } = inputs;
  const text = JSON.stringify([
    github.repository,
    github.sha,
    inputs.prometheus.url,
    { arms, metrics, intervalMs, alpha, promoteAlpha, weights, router, startMs },
  ]);
  return createHash('sha256').update(text).digest('hex');
}

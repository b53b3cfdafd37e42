import type * as v from 'valibot';
import * as answers from './answers.ts';
import { readAnswer } from './answers.ts';
import type { EnvironmentProtection, PullRequest } from './github-port.ts';

export function readEnvironment(data: unknown, doing: string): EnvironmentProtection {
  const found = readAnswer(answers.environment, data, doing);
  const rule = (type: string): unknown => found.protection_rules.find((each) => each.type === type) ?? {};
  const review = readAnswer(answers.reviewersRule, rule('required_reviewers'), doing);
  const policy = found.deployment_branch_policy;
  return {
    name: found.name,
    reviewers: review.reviewers.map(({ reviewer }) => reviewer.login ?? reviewer.slug ?? 'unknown'),
    preventSelfReview: review.prevent_self_review,
    waitMinutes: readAnswer(answers.waitRule, rule('wait_timer'), doing).wait_timer,
    branches:
      policy === null || policy === undefined ? 'all' : policy.protected_branches ? 'protected' : 'custom',
  };
}

export function readPullRequest(pull: v.InferOutput<typeof answers.pullRequest>): PullRequest {
  return {
    number: pull.number,
    title: pull.title,
    draft: pull.draft,
    headSha: pull.head.sha,
    headRef: pull.head.ref,
    headRepository: pull.head.repo?.full_name,
    baseSha: pull.base.sha,
    baseRef: pull.base.ref,
  };
}

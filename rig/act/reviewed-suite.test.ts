import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { awaitReviews, rejectEnvironments } from './reviewed-suite.ts';

const text = `jobs:
  free: { steps: [{ run: a }] }
  named: { environment: production, steps: [{ run: b }] }
  planned: { environment: { name: '\${{ needs.plan.outputs.environment }}' }, steps: [{ run: c }] }
`;

it('puts the reviewers in front of jobs with an environment, and of no other', () => {
  const { jobs } = parse(rejectEnvironments(text, ['production'])) as {
    jobs: Record<string, { steps: { if?: string; run: string }[] }>;
  };
  expect(jobs.free?.steps).toEqual([{ run: 'a' }]);
  const conditions = [jobs.named, jobs.planned].map((job) => job?.steps.map((step) => step.if ?? step.run));
  expect(conditions).toEqual([
    [`contains(fromJSON('["production"]'), 'production')`, 'b'],
    [`contains(fromJSON('["production"]'), needs.plan.outputs.environment)`, 'c'],
  ]);
});

it('lets jobs of an environment wait for the review of their own run', () => {
  const { jobs } = parse(awaitReviews(text, ['production'], '/reviews')) as {
    jobs: Record<string, { steps: { if?: string; env?: Record<string, string>; run: string }[] }>;
  };
  expect(jobs.free?.steps).toEqual([{ run: 'a' }]);
  expect(jobs.planned?.steps[0]).toMatchObject({
    if: `contains(fromJSON('["production"]'), needs.plan.outputs.environment)`,
    env: { REVIEWS: '/reviews' },
    run: expect.stringContaining('"$REVIEWS/$GITHUB_RUN_ID"'),
  });
});

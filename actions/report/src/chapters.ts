import type { EnvironmentReview } from '../../../toolkit/github/github-port.ts';
import type { Chapter } from '../../../toolkit/github/story/chapter.ts';
import type { Need, Needs } from './needs.ts';

export interface Facts {
  readonly sha: string;
  /** RFC 3339 in UTC with whole seconds. */
  readonly at: string;
  readonly runUrl: string;
  readonly reviews: readonly EnvironmentReview[];
}

type About = Pick<Chapter, 'sha' | 'at' | 'runUrl'>;

/** What the jobs found out about the commit, in the order of the pipeline. A job that is not there, or was not reached, says nothing. */
export function chaptersOf(needs: Needs, { reviews, ...about }: Facts): Chapter[] {
  return [
    ...checksOf(needs.validate, about),
    ...findingsOf('scan', needs.scan, '', about),
    ...deliveryOf(needs.deploy, reviews, about),
  ];
}

function checksOf(validate: Need | undefined, about: About): Chapter[] {
  return [...findingsOf('lint', validate, 'lint-', about), ...testsOf(validate, about)];
}

function testsOf(validate: Need | undefined, about: About): Chapter[] {
  const outcome = validate?.outputs.tests;
  if (outcome === 'pass' || outcome === 'fail') return [{ ...about, subject: 'tests', outcome, note: '' }];
  if (outcome === 'skipped') return [{ ...about, subject: 'tests', outcome, note: 'no tests are named' }];
  return [];
}

function findingsOf(
  subject: 'lint' | 'scan',
  need: Need | undefined,
  prefix: '' | 'lint-',
  about: About,
): Chapter[] {
  if (need === undefined || need.result === 'skipped') return [];
  const count = (name: string): number => Number.parseInt(need.outputs[`${prefix}${name}`] ?? '', 10) || 0;
  const counts = { newCount: count('new-count'), totalCount: count('total-count') };
  const verdict = need.outputs[`${prefix}verdict`] ?? '';
  if (verdict === 'pass' || verdict === 'findings' || verdict === 'tool-error' || verdict === 'skipped')
    return [{ ...about, subject, outcome: verdict, ...counts, note: '' }];
  // A job that ended before its verdict did not look: that is never a pass, and after a cancellation no news.
  if (need.result !== 'failure') return [];
  return [
    { ...about, subject, outcome: 'tool-error', ...counts, note: 'the job ended before it could look' },
  ];
}

function deliveryOf(
  deploy: Need | undefined,
  reviews: readonly EnvironmentReview[],
  about: About,
): Chapter[] {
  const environment = deploy?.outputs.environment ?? '';
  if (deploy === undefined || environment === '') return [];
  const place = { ...about, environment };
  const review = reviews.findLast(
    ({ state, environments }) => state !== 'pending' && environments.includes(environment),
  );
  const approval: Chapter[] =
    review === undefined || review.state === 'pending'
      ? []
      : [{ ...place, subject: 'approval', outcome: review.state, by: review.by, note: review.comment }];
  if (review?.state === 'rejected') return approval;
  return [
    ...approval,
    {
      ...place,
      subject: 'deploy',
      outcome: deployOutcome(deploy),
      url: urlOf(deploy),
      note: deployNote(deploy),
    },
    ...gateOf(deploy, place),
    ...rollbackOf(deploy, place),
  ];
}

type DeployOutcome = Extract<Chapter, { subject: 'deploy' }>['outcome'];

function deployOutcome({ outputs }: Need): DeployOutcome {
  if (outputs.verified === 'true') return 'verified';
  const ended = outputs['deploy-result'] ?? '';
  const wasHeld = outputs.verdict === 'fail' || outputs.verdict === 'inconclusive';
  if (ended === 'skipped') return 'skipped';
  return outputs.deployed === 'true' && (ended === 'success' || wasHeld) ? 'deployed' : 'failed';
}

function deployNote({ outputs }: Need): string {
  return outputs['deploy-result'] === 'cancelled' ? 'the run was cancelled' : '';
}

function urlOf({ outputs }: Need): string {
  const url = outputs.url ?? '';
  return /^https?:\/\/\S{1,280}$/.test(url) ? url : '';
}

function gateOf({ outputs }: Need, place: About & { environment: string }): Chapter[] {
  const outcome = outputs.verdict ?? '';
  if (outcome !== 'pass' && outcome !== 'fail' && outcome !== 'inconclusive') return [];
  return [{ ...place, subject: 'gate', outcome, note: outputs.reason ?? '' }];
}

function rollbackOf({ outputs }: Need, place: About & { environment: string }): Chapter[] {
  const ended = outputs['rollback-result'] ?? '';
  if (ended === '' || ended === 'skipped') return [];
  const note = outputs['rollback-reason'] ?? '';
  if (outputs['rolled-back'] === 'true')
    return [{ ...place, subject: 'rollback', outcome: 'rolled-back', note }];
  const isPartial = !['', '[]'].includes(outputs['rollback-done'] ?? '');
  return [{ ...place, subject: 'rollback', outcome: isPartial ? 'partial' : 'failed', note }];
}

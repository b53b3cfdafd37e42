import { describe, expect, it } from '@jest/globals';
import type { Chapter } from './chapter.ts';
import { statusContext, statusOf } from './commit-status.ts';

const about = { sha: 'a'.repeat(40), at: '2026-05-01T10:00:00Z', runUrl: 'https://ci.example/1', note: '' };
const place = { ...about, environment: 'production' };

describe('statusOf', () => {
  it.each<[Chapter, string, string, string]>([
    [
      { ...about, subject: 'lint', outcome: 'pass', newCount: 0, totalCount: 4 },
      'gated-delivery/lint',
      'success',
      'no new findings, 4 known',
    ],
    [
      { ...about, subject: 'lint', outcome: 'pass', newCount: 2, totalCount: 2 },
      'gated-delivery/lint',
      'success',
      '2 new below the threshold',
    ],
    [
      { ...about, subject: 'scan', outcome: 'findings', newCount: 1, totalCount: 1 },
      'gated-delivery/scan',
      'failure',
      '1 new finding',
    ],
    [
      {
        ...about,
        subject: 'scan',
        outcome: 'tool-error',
        newCount: 0,
        totalCount: 0,
        note: 'the database is out of reach',
      },
      'gated-delivery/scan',
      'error',
      'a tool did not work: the database is out of reach',
    ],
    [
      {
        ...about,
        subject: 'scan',
        outcome: 'skipped',
        newCount: 0,
        totalCount: 0,
        note: 'no token on a fork',
      },
      'gated-delivery/scan',
      'success',
      'skipped: no token on a fork',
    ],
    [{ ...about, subject: 'tests', outcome: 'fail' }, 'gated-delivery/tests', 'failure', 'failed'],
    [
      { ...place, subject: 'approval', outcome: 'rejected', by: 'ada' },
      'gated-delivery/approval (production)',
      'failure',
      'rejected by ada',
    ],
    [
      { ...place, subject: 'deploy', outcome: 'verified', url: '' },
      'gated-delivery/deploy (production)',
      'success',
      'deployed and verified',
    ],
    [
      { ...place, subject: 'deploy', outcome: 'deployed', url: '' },
      'gated-delivery/deploy (production)',
      'pending',
      'deployed, not verified',
    ],
    [
      { ...place, subject: 'gate', outcome: 'inconclusive' },
      'gated-delivery/gate (production)',
      'failure',
      'inconclusive',
    ],
    [
      { ...place, subject: 'rollback', outcome: 'rolled-back' },
      'gated-delivery/rollback (production)',
      'success',
      'rolled back',
    ],
    [
      { ...place, subject: 'rollback', outcome: 'partial' },
      'gated-delivery/rollback (production)',
      'failure',
      'partly rolled back',
    ],
  ])('%j', (chapter, context, state, description) => {
    const status = { sha: about.sha, context, state, description, targetUrl: about.runUrl };
    expect(statusOf(chapter)).toEqual(status);
  });

  it('is named without an environment before there is one', () => {
    expect(statusContext('gate')).toBe('gated-delivery/gate');
  });
});

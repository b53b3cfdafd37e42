import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChapters } from '../../../toolkit/github/story/story.ts';
import { chaptersOf, type Facts } from './chapters.ts';
import type { Need, Needs } from './needs.ts';

const facts: Facts = {
  sha: 'a'.repeat(40),
  at: '2026-05-01T10:00:00Z',
  runUrl: 'https://github.com/example/shop/actions/runs/1',
  reviews: [],
};
const need = (result: Need['result'], outputs: Record<string, string> = {}): Need => ({ result, outputs });
const outcomes = (needs: Needs, reviews: Facts['reviews'] = []): string[] =>
  chaptersOf(needs, { ...facts, reviews }).map(({ subject, outcome }) => `${subject} ${outcome}`);

const production = { environment: 'production', url: 'https://shop.example.com' };

describe('the checks', () => {
  it.each<[string, Needs, string[]]>([
    [
      'all well',
      {
        validate: need('success', { 'lint-verdict': 'pass', tests: 'pass' }),
        scan: need('success', { verdict: 'pass' }),
      },
      ['lint pass', 'tests pass', 'scan pass'],
    ],
    [
      'new findings and a failing test',
      {
        validate: need('failure', { 'lint-verdict': 'findings', 'lint-new-count': '2', tests: 'fail' }),
        scan: need('success', { verdict: 'skipped' }),
      },
      ['lint findings', 'tests fail', 'scan skipped'],
    ],
    [
      'a job that died before it looked',
      { validate: need('failure'), scan: need('failure') },
      ['lint tool-error', 'scan tool-error'],
    ],
    ['a cancelled run', { validate: need('cancelled'), scan: need('cancelled') }, []],
    ['jobs that were not reached', { validate: need('skipped'), scan: need('skipped') }, []],
    ['no such jobs', {}, []],
  ])('%s', (_, needs, expected) => {
    expect(outcomes(needs)).toEqual(expected);
  });

  it('never calls a job without a verdict clean', () => {
    const verdict = fc.constantFrom('', 'passed', 'PASS', 'true', 'none');
    const result = fc.constantFrom('success', 'failure', 'cancelled', 'skipped');
    fc.assert(
      fc.property(verdict, result, (text, ended) => {
        const told = outcomes({ scan: need(ended, { verdict: text }) });
        expect(told).toEqual(ended === 'failure' ? ['scan tool-error'] : []);
      }),
    );
  });
});

describe('the delivery', () => {
  const rejected = {
    environments: ['production'],
    state: 'rejected',
    by: 'ada',
    comment: 'not on a Friday',
  } as const;

  it.each<[string, Need, string[]]>([
    ['a pull request', need('skipped'), []],
    ['a branch without environment', need('success', { environment: '' }), []],
    [
      'a direct deploy',
      need('success', { ...production, 'deploy-result': 'success', deployed: 'true', verified: 'true' }),
      ['deploy verified'],
    ],
    [
      'a canary that passed',
      need('success', { ...production, deployed: 'true', verified: 'true', verdict: 'pass' }),
      ['deploy verified', 'gate pass'],
    ],
    [
      'a canary that failed and went back',
      need('failure', {
        ...production,
        'deploy-result': 'failure',
        deployed: 'true',
        verified: 'false',
        verdict: 'fail',
        'rollback-result': 'success',
        'rolled-back': 'true',
      }),
      ['deploy deployed', 'gate fail', 'rollback rolled-back'],
    ],
    [
      'a rollback that stopped half-way',
      need('failure', {
        ...production,
        'deploy-result': 'failure',
        deployed: 'false',
        'rollback-result': 'failure',
        'rolled-back': 'false',
        'rollback-done': '["backend"]',
      }),
      ['deploy failed', 'rollback partial'],
    ],
    [
      'a rollback that did nothing',
      need('failure', {
        ...production,
        'deploy-result': 'failure',
        'rollback-result': 'failure',
        'rollback-done': '[]',
      }),
      ['deploy failed', 'rollback failed'],
    ],
    [
      'a promotion that failed behind a good gate',
      need('failure', { ...production, 'deploy-result': 'failure', deployed: 'true', verdict: 'pass' }),
      ['deploy failed', 'gate pass'],
    ],
    [
      'a cancelled run',
      need('cancelled', { ...production, 'deploy-result': 'cancelled' }),
      ['deploy failed'],
    ],
  ])('%s', (_, deploy, expected) => {
    expect(outcomes({ deploy })).toEqual(expected);
  });

  it('is sent back by a rejection, and only by one of its own environment', () => {
    const deploy = need('failure', { ...production, 'deploy-result': 'failure' });
    expect(outcomes({ deploy }, [rejected])).toEqual(['approval rejected']);
    expect(outcomes({ deploy }, [{ ...rejected, environments: ['staging'] }])).toEqual(['deploy failed']);
    expect(outcomes({ deploy }, [rejected, { ...rejected, state: 'approved' }])).toEqual([
      'approval approved',
      'deploy failed',
    ]);
    expect(outcomes({ deploy }, [{ ...rejected, state: 'pending' }])).toEqual(['deploy failed']);
  });

  it('leaves an address away that is none', () => {
    const deploy = need('success', { ...production, url: 'javascript:alert(1)', verified: 'true' });
    expect(chaptersOf({ deploy }, facts)).toMatchObject([{ url: '' }]);
  });
});

it('tells only what a story can hold', () => {
  const outputs = fc.dictionary(
    fc.constantFrom(
      'environment',
      'url',
      'verdict',
      'reason',
      'deployed',
      'lint-verdict',
      'new-count',
      'tests',
    ),
    fc.oneof(fc.string(), fc.constantFrom('pass', 'fail', 'true', '3', 'findings')),
  );
  const any = fc.record({
    result: fc.constantFrom('success', 'failure', 'cancelled', 'skipped'),
    outputs,
  });
  fc.assert(
    fc.property(any, any, any, (validate, scan, deploy) => {
      const chapters = chaptersOf({ validate, scan, deploy }, facts);
      expect(parseChapters(chapters)).toHaveLength(chapters.length);
    }),
  );
});

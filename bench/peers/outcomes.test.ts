import { describe, expect, it } from '@jest/globals';
import { analysisOutcome, canaryOutcome, rolloutOutcome, type Status } from './outcomes.ts';

const now = 1_700_000_000_000;
const at = '2023-11-14T22:13:00Z';
const of = (status: NonNullable<Status['status']>): Status => ({
  ...{ kind: 'Any', metadata: { name: 'shop' }, status },
});

describe('a Rollout', () => {
  const progressing = { phase: 'Progressing', stableRS: 'old', currentPodHash: 'new' };

  it('is undecided while it progresses or waits in a pause', () => {
    expect(rolloutOutcome(of(progressing), 'old', now)).toBeUndefined();
    expect(rolloutOutcome(of({ ...progressing, phase: 'Paused' }), 'old', now)).toBeUndefined();
  });

  it('is not promoted before its controller has seen the new template', () => {
    const former = { phase: 'Healthy', stableRS: 'old', currentPodHash: 'old' };
    expect(rolloutOutcome(of(former), 'old', now)).toBeUndefined();
  });

  it('is stopped when it was aborted, promoted when the new pods are the stable ones', () => {
    const aborted = { ...progressing, phase: 'Degraded', abortedAt: at, message: 'RolloutAborted: …' };
    expect(rolloutOutcome(of(aborted), 'old', now)).toEqual({
      ...{ verdict: 'stopped', atMs: Date.parse(at), reason: 'RolloutAborted: …' },
    });
    const done = { phase: 'Healthy', stableRS: 'new', currentPodHash: 'new' };
    expect(rolloutOutcome(of(done), 'old', now)).toMatchObject({ verdict: 'promoted', atMs: now });
  });
});

it.each([
  ['Pending', undefined],
  ['Running', undefined],
  ['Failed', 'stopped'],
  ['Error', 'stopped'],
  ['Successful', 'promoted'],
  ['Inconclusive', 'inconclusive'],
] as const)('an AnalysisRun that is %s: %s', (phase, verdict) => {
  expect(analysisOutcome(of({ phase, completedAt: at }), now)).toEqual(
    verdict === undefined ? undefined : { verdict, atMs: Date.parse(at), reason: '' },
  );
});

it.each([
  ['Initialized', undefined],
  ['Progressing', undefined],
  ['Failed', 'stopped'],
  ['Promoting', 'promoted'],
  ['Finalising', 'promoted'],
  ['Succeeded', 'promoted'],
] as const)('a Canary of Flagger that is %s: %s', (phase, verdict) => {
  expect(canaryOutcome(of({ phase, lastTransitionTime: at }), now)?.verdict).toBe(verdict);
});

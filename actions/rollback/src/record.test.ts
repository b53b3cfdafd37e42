import { describe, expect, it } from '@jest/globals';
import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { isVerified } from '../../../toolkit/ledger/ledger-edit.ts';
import type { Ledger, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import { entry, ledger, record, revision } from './fake-history.ts';
import type { Step } from './plan.ts';
import { closePlan, openPlan, recordDrift, recordRelease, setStep } from './record.ts';

const now = '2026-02-01T00:00:00Z';
const known = ledger([
  entry('d1', 'verified', [record(1, 'good', 'verified'), record(1, 'w', 'verified', { name: 'web' })]),
  entry('d2', 'failed', [record(2, 'bad', 'failed'), record(2, 'w2', 'failed', { name: 'web' })]),
]);
const stepOf = (name: string, from: string, to: string): Step => ({
  release: { name, namespace: 'shop', kind: 'helm', record: undefined },
  target: {
    kind: 'roll',
    from: revision(2, from, 'deployed'),
    to: revision(1, to),
    source: 'verified',
    gitSha: 'sha-d1',
    isApplied: false,
  },
  risks: [],
});
const api = stepOf('api', 'bad', 'good');
const web = stepOf('web', 'w2', 'w');

const plan: RollbackPlan = {
  id: 'r1',
  createdAt: now,
  updatedAt: now,
  reason: 'the gate failed',
  runUrl: '',
  automatic: true,
  state: 'open',
  entryId: 'd2',
  steps: [api, web].map(({ release, target }) => ({
    release: release.name,
    namespace: 'shop',
    fromRevision: 2,
    toRevision: 1,
    toManifestSha256: target.to.manifestSha256,
    state: 'todo',
    note: '',
  })),
};
const now3 = (step: Step): ReleaseRevision => ({
  ...step.target.to,
  name: step.release.name,
  namespace: 'shop',
  revision: 3,
  status: 'deployed',
  lastDeployed: now,
  appVersion: '',
  manifest: '',
  values: {},
  valuesSha256: 'v',
  hooks: [],
  applyMethod: undefined,
  secret: { name: '', resourceVersion: '', bytes: 0 },
});
const roll = (before: Ledger, step: Step): Ledger =>
  recordRelease(before, 'r1', { step, revision: now3(step), actor: 'octocat', runUrl: '', now });

describe('the ledger of a rollback', () => {
  it('has plan and bad commit before anything changes', () => {
    const opened = openPlan(known, plan, 'sha-d2');
    expect(opened.plans).toEqual([plan]);
    expect(opened.bad).toEqual([{ gitSha: 'sha-d2', since: now, reason: 'the gate failed', planId: 'r1' }]);
    expect(openPlan(known, plan, '').bad).toEqual([]);
  });

  it('follows each release by itself: the new revision is verified, the old one is none any more', () => {
    const after = roll(openPlan(known, plan, 'sha-d2'), api);
    const at = (name: string, number: number, manifestSha256: string): boolean =>
      isVerified(after, { name, namespace: 'shop', revision: number, manifestSha256 });
    expect(at('api', 3, 'good')).toBe(true);
    expect(at('api', 2, 'bad')).toBe(false);
    expect(at('web', 3, 'w')).toBe(false);
    expect(after.plans[0]?.steps.map(({ state }) => state)).toEqual(['done', 'todo']);
    expect(after.entries.at(-1)).toMatchObject({
      id: 'r1',
      gitSha: 'sha-d1',
      phase: 'verified',
      branch: 'main',
    });
  });

  it('ends with the deploy rolled back and one entry for the rollback', () => {
    const after = closePlan(roll(roll(openPlan(known, plan, 'sha-d2'), api), web), 'r1', now);
    expect(after.entries.map(({ id, phase }) => `${id} ${phase}`)).toEqual([
      'd1 verified',
      'd2 rolled-back',
      'r1 verified',
    ]);
    expect(after.plans[0]?.state).toBe('done');
    expect(after.entries[1]?.reason).toBe('the gate failed');
  });

  it('writes nothing twice when the same step is recorded again', () => {
    const once = roll(openPlan(known, plan, 'sha-d2'), api);
    expect(roll(once, api)).toEqual(once);
  });

  it('marks a release as drifted when only its workloads are back', () => {
    const rolled = { step: api, revision: now3(api), actor: '', runUrl: '', now };
    const after = recordDrift(openPlan(known, plan, 'sha-d2'), 'r1', rolled);
    expect(after.entries).toHaveLength(2);
    expect(after.entries[1]?.releases[0]).toMatchObject({ phase: 'rolled-back', drifted: true, revision: 2 });
  });

  it('keeps why a step failed', () => {
    const after = setStep(openPlan(known, plan, ''), 'r1', web.release, 'failed', 'E_TIMEOUT', now);
    expect(after.plans[0]?.steps[1]).toMatchObject({ state: 'failed', note: 'E_TIMEOUT' });
    expect(setStep(known, 'nowhere', web.release, 'failed', '', now)).toBe(known);
  });
});

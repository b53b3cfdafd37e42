import { describe, expect, it } from '@jest/globals';
import type { Risk } from '../../../toolkit/manifests/risk.ts';
import { record, revision } from './fake-history.ts';
import { decide, makePlan, planId, type Candidate, type Decision } from './plan.ts';
import type { Target } from './target.ts';

const roll: Target = {
  kind: 'roll',
  from: revision(2, 'bad', 'deployed'),
  to: revision(1, 'good'),
  source: 'verified',
  gitSha: '',
  isApplied: false,
};
const none: Target = {
  kind: 'none',
  why: 'no revision was ever verified',
  bare: 'a bare rollback would have failed',
};
const unchanged: Target = { kind: 'unchanged', at: revision(1, 'good'), why: 'it is verified' };

const candidate = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  release: { name, namespace: 'shop', kind: 'helm', record: record(2, 'bad', 'failed', { name }) },
  target: roll,
  risks: [],
  holdsOnlyData: false,
  isNew: false,
  isGone: false,
  ...more,
});

const risk = (kind: Risk['kind'], code: Risk['code'], more: Partial<Risk> = {}): Risk => ({
  kind,
  code,
  object: 'StatefulSet/db',
  ref: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' },
  field: '',
  message: `${kind} of db`,
  ...more,
});
const downgrade = risk('stateful-image', 'E_STATEFUL_DOWNGRADE', {
  image: { engine: 'mongo', from: 'mongo:7', to: 'mongo:6', direction: 'down' },
});

const strict: Parameters<typeof decide>[1] = {
  allowStateful: new Set<string>(),
  migrationsCompatible: false,
  isWholeDeploy: true,
  mode: 'helm',
};
const names = (decision: Decision): unknown =>
  decision.kind === 'go'
    ? {
        steps: decision.steps.map(({ release }) => release.name),
        held: decision.held.map(({ release }) => release.name),
      }
    : decision.kind;

describe('decide', () => {
  it('holds a release that the deploy removed, and takes the others back', () => {
    const removed = candidate('old', { target: none, isGone: true });
    const decision = decide([candidate('api'), removed], strict, 'shop');
    expect(names(decision)).toEqual({ steps: ['api'], held: ['old'] });
    expect(decision.kind === 'go' && decision.held[0]?.why).toMatch(/this deploy removed it/);
    expect(decide([removed], { ...strict, isWholeDeploy: false }, 'shop').kind).toBe('refused');
  });

  it('keeps the order and leaves out what is in place', () => {
    const decision = decide(
      [candidate('frontend'), candidate('backend', { target: unchanged }), candidate('gateway')],
      strict,
      'shop',
    );
    expect(names(decision)).toEqual({ steps: ['frontend', 'gateway'], held: [] });
  });

  it('has nothing to do when all are in place', () => {
    expect(decide([candidate('a', { target: unchanged })], strict, 'shop').kind).toBe('nothing');
  });

  it('refuses the whole when one release has no target', () => {
    const decision = decide([candidate('a'), candidate('b', { target: none })], strict, 'shop');
    expect(decision).toMatchObject({ kind: 'refused', code: 'E_NO_TARGET' });
    expect(decision.kind === 'refused' && decision.message).toContain('a bare rollback would have failed');
  });

  it('leaves a release that came with this deploy', () => {
    const decision = decide([candidate('a'), candidate('b', { target: none, isNew: true })], strict, 'shop');
    expect(names(decision)).toEqual({ steps: ['a'], held: ['b'] });
    expect(decide([candidate('b', { target: none, isNew: true })], strict, 'shop').kind).toBe('refused');
  });

  it.each([
    ['data-loss', 'E_DATA_LOSS'],
    ['sts-immutable', 'E_STS_IMMUTABLE'],
    ['sts-shrunk', 'E_DATA_LOSS'],
    ['immutable-field', 'E_IMMUTABLE'],
    ['crd-version', 'E_CRD'],
    ['api-removed', 'E_API_REMOVED'],
    ['migration', 'E_MIGRATION'],
  ] as const)('refuses on %s with %s', (kind, code) => {
    const decision = decide([candidate('a'), candidate('b', { risks: [risk(kind, code)] })], strict, 'shop');
    expect(decision).toMatchObject({ kind: 'refused', code });
    expect(decision.kind === 'refused' && decision.hint.length).toBeGreaterThan(10);
  });

  it('goes past migrations that are declared compatible, and lets a Service change its type', () => {
    const risks = [risk('migration', 'E_MIGRATION'), risk('service-type', 'E_IMMUTABLE')];
    const decision = decide([candidate('a', { risks })], { ...strict, migrationsCompatible: true }, 'shop');
    expect(decision.kind).toBe('go');
  });

  it('refuses to take an engine back, unless its release is named', () => {
    const app = candidate('app', { risks: [downgrade] });
    expect(decide([app], strict, 'shop')).toMatchObject({ kind: 'refused', code: 'E_STATEFUL_DOWNGRADE' });
    expect(decide([app], { ...strict, allowStateful: new Set(['app']) }, 'shop').kind).toBe('go');
    expect(decide([app], { ...strict, allowStateful: new Set(['other']) }, 'shop').kind).toBe('refused');
  });

  it('lets an engine go up', () => {
    const up = risk('stateful-image', 'E_STATEFUL_DOWNGRADE', {
      image: { engine: 'mongo', from: 'mongo:6', to: 'mongo:7', direction: 'up' },
    });
    expect(decide([candidate('app', { risks: [up] })], strict, 'shop').kind).toBe('go');
  });

  it('holds a release of data alone back and takes the others', () => {
    const mongodb = candidate('mongodb', { holdsOnlyData: true, risks: [downgrade] });
    const decision = decide([candidate('app'), mongodb], strict, 'shop');
    expect(decision).toMatchObject({ held: [{ code: 'E_STATEFUL_DOWNGRADE' }] });
    expect(names(decision)).toEqual({ steps: ['app'], held: ['mongodb'] });
    const allowed = decide(
      [candidate('app'), mongodb],
      { ...strict, allowStateful: new Set(['mongodb']) },
      'shop',
    );
    expect(names(allowed)).toEqual({ steps: ['app', 'mongodb'], held: [] });
  });

  it('refuses when all that would go back is held', () => {
    const mongodb = candidate('mongodb', { holdsOnlyData: true, risks: [downgrade] });
    const decision = decide([candidate('app', { target: unchanged }), mongodb], strict, 'shop');
    expect(decision).toMatchObject({ kind: 'refused', code: 'E_STATEFUL_DOWNGRADE' });
  });

  it('takes a release of data back that is named by itself and loses nothing', () => {
    const decision = decide(
      [candidate('mongodb', { holdsOnlyData: true })],
      { ...strict, isWholeDeploy: false },
      'shop',
    );
    expect(decision.kind).toBe('go');
  });
});

describe('makePlan', () => {
  const decision = decide([candidate('b')], strict, 'shop');
  if (decision.kind !== 'go') throw new Error('unexpected');
  const about = { entryId: 'd1', reason: 'r', runUrl: '', isAutomatic: true, now: '2026-01-02T00:00:00Z' };

  it('keeps what an earlier run of the same plan has done', () => {
    const first = makePlan('p', decision, about, undefined);
    const step = {
      release: 'a',
      namespace: 'shop',
      fromRevision: 2,
      toRevision: 1,
      toManifestSha256: 'x',
      note: '',
    };
    const earlier = {
      ...first,
      createdAt: '2026-01-01T00:00:00Z',
      steps: [{ ...step, state: 'done' as const }, ...first.steps],
    };
    const resumed = makePlan('p', decision, about, earlier);
    expect(resumed.createdAt).toBe('2026-01-01T00:00:00Z');
    expect(resumed.steps.map(({ release, state }) => [release, state])).toEqual([
      ['a', 'done'],
      ['b', 'todo'],
    ]);
  });

  it('has the same id for the same rollback and another for another', () => {
    expect(planId(undefined, decision.steps, undefined)).toBe(planId(undefined, decision.steps, undefined));
    expect(planId(undefined, decision.steps, 1)).not.toBe(planId(undefined, decision.steps, undefined));
  });
});

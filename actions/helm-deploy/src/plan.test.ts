import { describe, expect, it } from '@jest/globals';
import type { ReleaseRevision, ReleaseStatus } from '../../../toolkit/helm/helm.ts';
import { addBad, putEntry } from '../../../toolkit/ledger/ledger-edit.ts';
import { emptyLedger } from '../../../toolkit/ledger/ledger-format.ts';
import type { Ledger, LedgerRelease, Phase } from '../../../toolkit/ledger/ledger.ts';
import { planDeploy, type PlanInput } from './plan.ts';

const map = (value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: "${value}"}\n`;
const wanted = {
  name: 'api',
  namespace: 'shop',
  kind: 'helm',
  chart: 'api',
  chartVersion: '1',
  installed: true,
  needs: [],
} as const;
const revision = (number: number, status: ReleaseStatus, manifest: string): ReleaseRevision => ({
  name: 'api',
  namespace: 'shop',
  revision: number,
  status,
  description: '',
  lastDeployed: '',
  chart: 'api',
  chartVersion: '1',
  appVersion: '',
  manifest,
  manifestSha256: manifest,
  values: {},
  valuesSha256: 'v',
  hooks: [],
  applyMethod: undefined,
  secret: { name: 's', resourceVersion: '1', bytes: 1 },
});
function ledgerWith(phase: Phase, number: number, manifest: string): Ledger {
  const release: LedgerRelease = {
    ...wanted,
    revision: number,
    previousRevision: 0,
    manifestSha256: manifest,
    valuesSha256: 'v',
    images: [],
    workloads: [],
    phase,
  };
  return putEntry(emptyLedger('shop', 'production'), {
    id: 'e',
    startedAt: 't',
    updatedAt: 't',
    gitSha: 'old',
    branch: 'main',
    runUrl: '',
    actor: '',
    strategy: 'direct',
    phase,
    reason: '',
    releases: [release],
  });
}
const input = (more: Partial<PlanInput>): PlanInput => ({
  gitSha: 'sha',
  branch: 'main',
  environment: 'production',
  manyToOne: false,
  allowBranchTakeover: false,
  strategy: 'direct',
  force: false,
  allowRisks: [],
  wanted: [wanted],
  rendered: [{ name: 'api', namespace: 'shop', manifest: map('1'), hooks: '' }],
  revisions: new Map(),
  ledger: emptyLedger('shop', 'production'),
  ...more,
});
const history = (...revisions: ReleaseRevision[]): Partial<PlanInput> => ({
  revisions: new Map([['shop/api', revisions]]),
});

describe('planDeploy', () => {
  it('installs what is not there', () => {
    expect(planDeploy(input({}))).toMatchObject({ decision: 'apply', releases: [{ action: 'install' }] });
  });

  it('verifies what is there and not verified, and leaves alone what is both', () => {
    const there = history(revision(1, 'deployed', map('1')));
    expect(planDeploy(input(there)).decision).toBe('verify');
    expect(planDeploy(input({ ...there, ledger: ledgerWith('verified', 1, map('1')) })).decision).toBe(
      'nothing',
    );
    expect(planDeploy(input({ ...there, ledger: ledgerWith('bad', 1, map('1')) })).decision).toBe('verify');
  });

  it('upgrades what differs, what failed, and what has another hook', () => {
    expect(planDeploy(input(history(revision(1, 'deployed', map('2')))))).toMatchObject({
      decision: 'apply',
      releases: [{ action: 'upgrade' }],
    });
    expect(planDeploy(input(history(revision(1, 'failed', map('1'))))).decision).toBe('apply');
    const hooks =
      'apiVersion: batch/v1\nkind: Job\nmetadata: {name: m, annotations: {"helm.sh/hook": pre-upgrade}}\n';
    const rendered = [{ name: 'api', namespace: 'shop', manifest: map('1'), hooks }];
    expect(planDeploy(input({ ...history(revision(1, 'deployed', map('1'))), rendered })).decision).toBe(
      'apply',
    );
    const tests = [{ ...rendered[0]!, hooks: hooks.replace('pre-upgrade', 'test') }];
    expect(
      planDeploy(input({ ...history(revision(1, 'deployed', map('1'))), rendered: tests })).decision,
    ).toBe('verify');
  });

  it.each([
    ['the deploy that brought it', 0],
    ['a deploy that left it as it was', 1],
  ])('applies again what was undone behind the back of Helm after %s', (_, previousRevision) => {
    const there = history(revision(1, 'deployed', map('1')));
    const before = ledgerWith('verified', 1, map('1'));
    const [undone] = ledgerWith('rolled-back', 1, map('1')).entries;
    const withDrift = (drifted: boolean): Ledger =>
      putEntry(before, {
        ...undone!,
        id: 'f',
        releases: undone!.releases.map((release) => ({ ...release, previousRevision, drifted })),
      });
    expect(planDeploy(input({ ...there, ledger: withDrift(true) }))).toMatchObject({
      decision: 'apply',
      releases: [{ action: 'upgrade', verified: false }],
    });
    expect(planDeploy(input({ ...there, ledger: withDrift(false) })).decision).not.toBe('apply');
  });

  it('remembers what failed upgrades since the last good one wrote', () => {
    const plan = planDeploy(
      input(history(revision(1, 'deployed', map('0')), revision(2, 'failed', map('bad')))),
    );
    expect(plan).toMatchObject({ releases: [{ leftBehind: [{ givenUp: [{ data: { a: 'bad' } }] }] }] });
  });

  it('refuses a commit that was rolled back here, unless forced', () => {
    const bad = { gitSha: 'sha', since: 't', reason: 'errors', planId: 'p' };
    const ledger = addBad(emptyLedger('shop', 'production'), bad);
    expect(planDeploy(input({ ledger }))).toMatchObject({ decision: 'refuse', code: 'E_ALREADY_BAD' });
    expect(planDeploy(input({ ledger, force: true })).decision).toBe('apply');
  });

  it('refuses another environment and another branch in the same place', () => {
    const ledger = ledgerWith('verified', 1, map('1'));
    expect(planDeploy(input({ ledger, environment: 'staging' }))).toMatchObject({ code: 'E_OWNERSHIP' });
    const takeover = { ledger, branch: 'release/2', manyToOne: true };
    expect(planDeploy(input(takeover))).toMatchObject({ decision: 'refuse', code: 'E_OWNERSHIP' });
    expect(planDeploy(input({ ...takeover, allowBranchTakeover: true })).decision).toBe('apply');
  });

  it('refuses to delete data and accepts it by name', () => {
    const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {}\n';
    const there = history(revision(1, 'deployed', `${map('1')}---\n${claim}`));
    expect(planDeploy(input(there))).toMatchObject({ decision: 'refuse', code: 'E_DATA_LOSS' });
    const allowed = planDeploy(input({ ...there, allowRisks: ['PersistentVolumeClaim/data'] }));
    expect(allowed).toMatchObject({ decision: 'apply', allowed: [{ object: 'PersistentVolumeClaim/data' }] });
  });

  it.each<[string, ReleaseStatus[]]>([
    ['failed half way', ['deployed', 'failed']],
    ['was left by a run that died', ['deployed', 'pending-upgrade', 'failed']],
    ['was the first one', ['failed']],
  ])('refuses to prune data that an overlay brought whose bundle %s', (_, statuses) => {
    const claim = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: {}\n';
    const overlay = { ...wanted, kind: 'kustomize' as const };
    const isPart = (status: ReleaseStatus): boolean => status !== 'deployed';
    const bundles = statuses.map((status, index) =>
      revision(index + 1, status, isPart(status) ? `${map('2')}---\n${claim}` : map('1')),
    );
    const after = [...bundles, revision(9, 'failed', map('3'))];
    const there = { ...history(...after), wanted: [overlay] };
    expect(planDeploy(input(there))).toMatchObject({ decision: 'refuse', code: 'E_DATA_LOSS' });
    const allowed = planDeploy(input({ ...there, allowRisks: ['PersistentVolumeClaim/data'] }));
    expect(allowed).toMatchObject({ decision: 'apply', allowed: [{ object: 'PersistentVolumeClaim/data' }] });
  });

  it('removes what is no longer installed, with the same care', () => {
    const gone = { ...wanted, installed: false };
    expect(planDeploy(input({ wanted: [gone], rendered: [] }))).toMatchObject({
      releases: [{ action: 'absent' }],
    });
    const there = history(revision(1, 'deployed', map('1')));
    expect(planDeploy(input({ ...there, wanted: [gone], rendered: [] }))).toMatchObject({
      decision: 'apply',
      releases: [{ action: 'remove' }],
    });
  });
});

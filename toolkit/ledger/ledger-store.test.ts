import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../action/errors.ts';
import { fakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import { putEntry, recordOf, isVerified, addBad } from './ledger-edit.ts';
import { emptyLedger, parseLedger, serializeLedger } from './ledger-format.ts';
import { configMapLedger } from './ledger-store.ts';
import { ledgerKey, ledgerName, type LedgerEntry, type LedgerRelease, type Phase } from './ledger.ts';

const release = (revision: number, phase: Phase): LedgerRelease => ({
  name: 'api',
  namespace: 'shop',
  kind: 'helm',
  chart: 'api',
  chartVersion: '1',
  revision,
  previousRevision: revision - 1,
  manifestSha256: `m${revision}`,
  valuesSha256: 'v',
  images: [],
  workloads: [],
  phase,
  needs: [],
});
const entry = (id: string, revision: number, phase: Phase, padding = ''): LedgerEntry => ({
  id,
  startedAt: 't',
  updatedAt: 't',
  gitSha: 'sha',
  branch: 'main',
  runUrl: '',
  actor: '',
  strategy: 'direct',
  phase,
  reason: padding,
  releases: [release(revision, phase)],
});

describe('configMapLedger', () => {
  it('loses no entry when many write at once', async () => {
    const kubernetes = fakeKubernetes();
    const store = configMapLedger(kubernetes);
    const ids = Array.from({ length: 6 }, (_, index) => `run-${index}`);
    await Promise.all(
      ids.map((id, index) =>
        store.update('shop', 'production', (ledger) => putEntry(ledger, entry(id, index + 1, 'failed'))),
      ),
    );
    const { ledger } = await store.read('shop', 'production');
    expect(ledger.entries.map(({ id }) => id).toSorted()).toEqual(ids);
  });

  it('reads again when the answer to a write was lost', async () => {
    const kubernetes = fakeKubernetes();
    let failures = 2;
    kubernetes.beforeWrite = () => {
      failures -= 1;
      if (failures >= 0) throw new ApiError('E_TIMEOUT', 'gone', { status: 0 });
    };
    const store = configMapLedger(kubernetes);
    await store.update('shop', 'production', (ledger) => putEntry(ledger, entry('a', 1, 'verified')));
    expect((await store.read('shop', 'production')).ledger.entries).toHaveLength(1);
  });

  it('sees what others wrote since its own last write', async () => {
    const kubernetes = fakeKubernetes();
    const [ours, theirs] = [configMapLedger(kubernetes), configMapLedger(kubernetes)];
    const put = (store: typeof ours, id: string) =>
      store.update('shop', 'p', (ledger) => putEntry(ledger, entry(id, 1, 'failed')));
    await put(ours, 'a');
    await put(theirs, 'b');
    expect((await put(ours, 'c')).entries.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    await put(theirs, 'd');
    const unchanged = await ours.update('shop', 'p', (ledger) => ledger);
    expect(unchanged.entries.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('never overwrites what it cannot read', async () => {
    const damaged = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: ledgerName, namespace: 'shop' },
      data: { [ledgerKey]: '{"format":2}' },
    };
    const kubernetes = fakeKubernetes([damaged]);
    await expect(configMapLedger(kubernetes).update('shop', 'p', (ledger) => ledger)).rejects.toMatchObject({
      code: 'E_CONFIG',
    });
    expect(kubernetes.writes).toEqual([]);
  });

  it('gives up when refused for good', async () => {
    const kubernetes = fakeKubernetes();
    kubernetes.beforeWrite = () => {
      throw new ApiError('E_RBAC', 'no', { status: 403 });
    };
    await expect(configMapLedger(kubernetes).update('shop', 'p', (ledger) => ledger)).rejects.toMatchObject({
      code: 'E_RBAC',
    });
  });
});

describe('serializeLedger', () => {
  it('comes back as it was', () => {
    const ledger = addBad(putEntry(emptyLedger('shop', 'p'), entry('a', 1, 'bad')), {
      gitSha: 'x',
      since: 't',
      reason: 'r',
      planId: 'p',
    });
    expect(parseLedger(serializeLedger(ledger), 'shop')).toEqual(ledger);
  });

  it('stays within its size and keeps two verified revisions and the last entry', () => {
    let ledger = emptyLedger('shop', 'p');
    const big = 'x'.repeat(2_000);
    ledger = putEntry(ledger, entry('good-1', 1, 'verified', big));
    ledger = putEntry(ledger, entry('good-2', 2, 'verified', big));
    for (let revision = 3; revision < 40; revision += 1)
      ledger = putEntry(ledger, entry(`bad-${revision}`, revision, 'failed', big));
    const content = serializeLedger(ledger, 10_000);
    expect(content.length).toBeLessThanOrEqual(10_000);
    const kept = parseLedger(content, 'shop').entries.map(({ id }) => id);
    expect(kept).toEqual(expect.arrayContaining(['good-1', 'good-2', 'bad-39']));
  });
});

describe('isVerified', () => {
  it('is the newest word on revision and manifest together', () => {
    let ledger = putEntry(emptyLedger('shop', 'p'), entry('a', 1, 'verified'));
    const wanted = { name: 'api', namespace: 'shop', revision: 1, manifestSha256: 'm1' };
    expect(isVerified(ledger, wanted)).toBe(true);
    expect(isVerified(ledger, { ...wanted, manifestSha256: 'other' })).toBe(false);
    ledger = putEntry(ledger, entry('b', 1, 'bad'));
    expect(isVerified(ledger, wanted)).toBe(false);
    expect(recordOf(ledger, wanted)?.phase).toBe('bad');
  });
});

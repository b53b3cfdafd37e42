import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../action/errors.ts';
import type { Clock } from '../clock/clock.ts';
import { fakeKubernetes, type FakeKubernetes } from '../kubernetes/fake-kubernetes.ts';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import { leaseLock } from './lease-lock.ts';
import type { LeaseHolder } from './lease.ts';
import { leaseObject, readLease, type LeaseRecord } from './lease-record.ts';

const first: LeaseHolder = { identity: 'o/r/1/1/deploy', instance: 'boot/ns/100', runUrl: 'https://run/1' };
const second: LeaseHolder = { identity: 'o/r/2/1/deploy', instance: 'boot/ns/200', runUrl: '' };

/** Time that moves only when the test says so; sleepers wake as it passes them. */
function manualClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 1_000_000;
  let sleepers: { at: number; wake: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          reject(new Error('aborted'));
        });
      }),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = sleepers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        now = Math.max(now, next.at);
        sleepers = sleepers.filter((other) => other !== next);
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}

async function recorded(kubernetes: FakeKubernetes): Promise<LeaseRecord> {
  const lease = await kubernetes.get({
    resource: 'leases.coordination.k8s.io',
    name: 'gated-delivery',
    namespace: 'shop',
  });
  return readLease(lease!);
}

function setUp(isDead: (instance: string) => boolean = () => false) {
  const kubernetes = fakeKubernetes();
  const clock = manualClock();
  const ended: string[] = [];
  const locks = leaseLock({ kubernetes, clock, isDead, endLeftovers: (instance) => ended.push(instance) });
  const acquire = (holder: LeaseHolder, waitMs = 0, more = {}) =>
    locks.acquire({ namespace: 'shop', holder, waitMs, signal: new AbortController().signal, ...more });
  return { kubernetes, clock, locks, acquire, ended };
}

describe('leaseLock', () => {
  it('lets one in and names the holder to the other', async () => {
    const { acquire, kubernetes } = setUp();
    await acquire(first);
    await expect(acquire(second)).rejects.toMatchObject({
      code: 'E_LOCKED',
      message: expect.stringContaining('o/r/1/1/deploy'),
    });
    expect((await recorded(kubernetes)).identity).toBe(first.identity);
  });

  it('lets the next one in once it is freed', async () => {
    const { acquire, kubernetes, clock } = setUp();
    const lease = await acquire(first);
    const waiting = acquire(second, 60_000);
    await clock.advance(3_000);
    await lease.release();
    await clock.advance(3_000);
    await waiting;
    expect((await recorded(kubernetes)).identity).toBe(second.identity);
  });

  it('is renewed for as long as it is held', async () => {
    const { acquire, clock } = setUp();
    const lease = await acquire(first);
    await clock.advance(300_000);
    expect(lease.lost.aborted).toBe(false);
    await expect(acquire(second)).rejects.toMatchObject({ code: 'E_LOCKED' });
  });

  it('is taken over when its holder stopped renewing, not a moment before', async () => {
    const { acquire, kubernetes, clock } = setUp();
    kubernetes.put(
      leaseObject('shop', first, { acquiredAt: clock.now(), renewedAt: clock.now() }, undefined),
    );
    await clock.advance(59_000);
    await expect(acquire(second)).rejects.toMatchObject({ code: 'E_LOCKED' });
    await clock.advance(7_000);
    await acquire(second);
    expect((await recorded(kubernetes)).identity).toBe(second.identity);
  });

  it('waits for an expired holder whose run goes on', async () => {
    const { acquire, kubernetes, clock } = setUp();
    kubernetes.put(leaseObject('shop', first, { acquiredAt: 0, renewedAt: 0 }, undefined));
    await clock.advance(100_000);
    const isInProgress = async (): Promise<boolean> => true;
    await expect(acquire(second, 0, { isInProgress })).rejects.toMatchObject({ code: 'E_LOCKED' });
  });

  it('is taken at once from a process that is gone, after what it left running was ended', async () => {
    const { acquire, kubernetes, ended } = setUp((instance) => instance === first.instance);
    kubernetes.put(leaseObject('shop', first, { acquiredAt: 1_000_000, renewedAt: 1_000_000 }, undefined));
    await acquire(second);
    expect(ended).toEqual([first.instance]);
  });

  it('is taken at once from an earlier attempt of the same run, and not from another job', async () => {
    const again = { ...first, identity: 'o/r/1/2/deploy', instance: 'other/1' };
    const { acquire, kubernetes } = setUp();
    kubernetes.put(leaseObject('shop', first, { acquiredAt: 1_000_000, renewedAt: 1_000_000 }, undefined));
    const sibling = { ...first, instance: 'other/2' };
    await expect(acquire(sibling)).rejects.toMatchObject({ code: 'E_LOCKED' });
    await acquire(again);
  });

  it('stops its holder when someone else took it', async () => {
    const { acquire, kubernetes, clock } = setUp();
    const lease = await acquire(first);
    kubernetes.put(
      leaseObject('shop', second, { acquiredAt: clock.now(), renewedAt: clock.now() }, undefined),
    );
    await clock.advance(16_000);
    expect(lease.lost.aborted).toBe(true);
    await lease.release();
    expect((await recorded(kubernetes)).identity).toBe(second.identity);
  });

  it('stops its holder before the lease ends when it cannot be renewed', async () => {
    const { acquire, kubernetes, clock } = setUp();
    const lease = await acquire(first);
    kubernetes.beforeWrite = () => {
      throw new ApiError('E_TIMEOUT', 'gone', { status: 0 });
    };
    await clock.advance(45_000);
    expect(lease.lost.aborted).toBe(false);
    await clock.advance(16_000);
    expect(lease.lost.aborted).toBe(true);
  });

  it('stops its holder in time though the renewal itself never comes back', async () => {
    const { acquire, kubernetes, clock } = setUp();
    const lease = await acquire(first);
    const { get } = kubernetes;
    Object.assign(kubernetes, { get: () => new Promise(() => undefined) });
    await clock.advance(49_000);
    expect(lease.lost.aborted).toBe(false);
    await clock.advance(2_000);
    expect(lease.lost.aborted).toBe(true);
    expect(lease.lost.reason).toMatchObject({ code: 'E_LOCKED' });
    Object.assign(kubernetes, { get });
    await lease.release();
    expect((await recorded(kubernetes)).identity).toBe('');
  });

  it('counts from the time the lease says, however long its answer took', async () => {
    const { acquire, kubernetes, clock } = setUp();
    const { create } = kubernetes;
    Object.assign(kubernetes, {
      create: async (object: KubernetesObject) => {
        const made = await create(object);
        await clock.sleep(40_000);
        return made;
      },
    });
    const acquiring = acquire(first);
    await clock.advance(40_000);
    const lease = await acquiring;
    kubernetes.beforeWrite = () => {
      throw new ApiError('E_TIMEOUT', 'gone', { status: 0 });
    };
    await clock.advance(11_000);
    expect(lease.lost.aborted).toBe(true);
  });

  it.each([409, 500, 503])(
    'is not waited for without end when the server always answers %i',
    async (status) => {
      const { acquire, kubernetes, clock } = setUp();
      kubernetes.beforeWrite = () => {
        throw new ApiError(status === 409 ? 'E_CONFLICT' : 'E_TIMEOUT', 'no', { status });
      };
      const outcome = acquire(first, 10_000).catch((error: unknown) => error);
      await clock.advance(15_000);
      expect(await Promise.race([outcome, Promise.resolve('still waiting')])).toMatchObject({ status });
    },
  );

  it.each([0, 409, 429, 500])('is freed though the server answers %i at first', async (status) => {
    const { acquire, kubernetes, clock } = setUp();
    const lease = await acquire(first);
    let failures = 2;
    kubernetes.beforeWrite = () => {
      failures -= 1;
      if (failures >= 0) throw new ApiError(status === 409 ? 'E_CONFLICT' : 'E_TIMEOUT', 'no', { status });
    };
    const released = lease.release();
    await clock.advance(5_000);
    await released;
    expect((await recorded(kubernetes)).identity).toBe('');
  });

  it('expires by itself when it cannot be freed, and the run does not fail for that', async () => {
    const { acquire, kubernetes, clock } = setUp();
    const lease = await acquire(first);
    kubernetes.beforeWrite = () => {
      throw new ApiError('E_TIMEOUT', 'gone', { status: 0 });
    };
    const released = lease.release();
    await clock.advance(5_000);
    await expect(released).resolves.toBeUndefined();
    expect((await recorded(kubernetes)).identity).toBe(first.identity);
  });

  it('frees a leftover of this holder only', async () => {
    const { locks, acquire, kubernetes } = setUp();
    await acquire(first);
    expect(await locks.releaseLeftover('shop', second)).toBe(false);
    expect(await locks.releaseLeftover('shop', first)).toBe(true);
    expect((await recorded(kubernetes)).identity).toBe('');
    expect(await locks.releaseLeftover('shop', first)).toBe(false);
  });
});

import { ApiError, UserError } from '../action/errors.ts';
import { formatDuration } from '../action/duration.ts';
import type { Clock } from '../clock/clock.ts';
import { isStatus, isTransient } from '../kubernetes/kubectl-error.ts';
import type { KubernetesObject, KubernetesPort } from '../kubernetes/kubernetes.ts';
import type { AcquireRequest, HeldLease, LeaseHolder, LeasePort } from './lease.ts';
import {
  freedLease,
  leaseName,
  leaseObject,
  leaseSeconds,
  leaseState,
  readLease,
  renewEveryMs,
  type LeaseRecord,
} from './lease-record.ts';

/** Writing stops this long after the last renewal: before another may begin, with time left for what runs to end. */
const safeMs = (leaseSeconds - 10) * 1000;

/** How long a server that refuses the Lease is asked beyond the caller's own patience. */
const graceMs = 2_000;

export interface LeaseOptions {
  readonly kubernetes: KubernetesPort;
  readonly clock: Clock;
  readonly isDead: (instance: string) => boolean;
  /** Ends what a dead instance left running, before its lease is taken. */
  readonly endLeftovers?: (instance: string) => void;
  readonly onWait?: (message: string) => void;
}

/** The lock of a namespace in a Lease: written only with the version that was read as precondition. */
export function leaseLock({ kubernetes, clock, isDead, endLeftovers, onWait }: LeaseOptions): LeasePort {
  const ref = (namespace: string) => ({ resource: 'leases.coordination.k8s.io', name: leaseName, namespace });

  /** One attempt: the Lease when it is ours now, or who has it. */
  const attempt = async (
    request: AcquireRequest,
  ): Promise<{ got: KubernetesObject } | { heldBy: LeaseRecord; until: number } | { again: ApiError }> => {
    const { namespace, holder } = request;
    const current = await kubernetes.get(ref(namespace));
    const now = clock.now();
    if (current !== undefined) {
      const state = leaseState(readLease(current), holder, now, isDead);
      if (state.state === 'held') return { heldBy: state.record, until: state.expiresAt };
      if (state.state === 'expired' && (await request.isInProgress?.(state.record.identity)) === true)
        return { heldBy: state.record, until: now + renewEveryMs };
      if (state.state === 'abandoned' && state.record.instance !== holder.instance)
        endLeftovers?.(state.record.instance);
    }
    try {
      const wanted = leaseObject(namespace, holder, { acquiredAt: now, renewedAt: now }, current);
      return { got: await (current === undefined ? kubernetes.create(wanted) : kubernetes.replace(wanted)) };
    } catch (error) {
      // Someone was faster, or the answer was lost: the next look tells, for our own instance counts as ours.
      if (error instanceof ApiError && (isStatus(error, 409) || isTransient(error))) return { again: error };
      throw error;
    }
  };

  return {
    acquire: async (request) => {
      const deadline = clock.now() + request.waitMs;
      let told = '';
      for (;;) {
        request.signal.throwIfAborted();
        const result = await attempt(request);
        if ('again' in result) {
          // Who does not want to wait gets a few more looks all the same: a conflict is over at once.
          if (clock.now() >= deadline + graceMs) throw result.again;
          await clock.sleep(200, request.signal);
          continue;
        }
        if ('got' in result) return hold(kubernetes, clock, request, result.got);
        const { heldBy, until } = result;
        if (clock.now() >= deadline) throw locked(request.namespace, heldBy, clock.now());
        if (told !== heldBy.identity) {
          told = heldBy.identity;
          onWait?.(
            `waiting for the lock of ${request.namespace}, held by ${heldBy.identity} ${heldBy.runUrl}`,
          );
        }
        const next = Math.min(until + 1, clock.now() + 2_000, deadline);
        await clock.sleep(Math.max(50, next - clock.now()), request.signal);
      }
    },
    isHeldBy: async (namespace, holder) => {
      const current = await kubernetes.get(ref(namespace));
      return current !== undefined && isHeldBy(current, holder);
    },
    releaseLeftover: async (namespace, holder) => {
      const current = await kubernetes.get(ref(namespace));
      if (current === undefined || !isHeldBy(current, holder)) return false;
      return free(kubernetes, current);
    },
  };
}

function hold(
  kubernetes: KubernetesPort,
  clock: Clock,
  { namespace, holder }: AcquireRequest,
  acquired: KubernetesObject,
): HeldLease {
  const stop = new AbortController();
  const lost = new AbortController();
  let current = acquired;
  const acquiredAt = readLease(acquired).renewedAt;
  let renewedAt = acquiredAt;

  const renewOnce = async (): Promise<void> => {
    const now = clock.now();
    const fresh = await kubernetes.get({
      resource: 'leases.coordination.k8s.io',
      name: leaseName,
      namespace,
    });
    if (fresh === undefined || !isHeldBy(fresh, holder)) {
      lost.abort(lostLease(namespace, 'someone else took the lease'));
      return;
    }
    current = await kubernetes.replace(leaseObject(namespace, holder, { acquiredAt, renewedAt: now }, fresh));
    renewedAt = now;
  };
  const renewing = (async () => {
    while (!stop.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(renewEveryMs, stop.signal);
      try {
        await renewOnce();
      } catch {
        // A miss or two is harmless: the watch below looks at the time.
      }
    }
  })().catch(() => undefined);
  // On its own, for a renewal that hangs or is tried again and again may last longer than the lease.
  const watching = (async () => {
    for (let end = renewedAt + safeMs; !lost.signal.aborted; end = renewedAt + safeMs) {
      if (clock.now() >= end) lost.abort(lostLease(namespace, 'the lease could not be renewed'));
      else await clock.sleep(end - clock.now(), stop.signal);
    }
  })().catch(() => undefined);

  return {
    namespace,
    lost: lost.signal,
    release: async () => {
      stop.abort();
      await watching;
      // A renewal that hangs is not waited for: it writes only over the version it has read.
      if (!lost.signal.aborted) await renewing;
      await letGo(kubernetes, clock, { namespace, holder }, current);
    },
  };
}

/** Frees the Lease as it was last seen; looks again when it is another one by now. What cannot be freed expires. */
async function letGo(
  kubernetes: KubernetesPort,
  clock: Clock,
  { namespace, holder }: Pick<AcquireRequest, 'namespace' | 'holder'>,
  last: KubernetesObject,
): Promise<void> {
  const ref = { resource: 'leases.coordination.k8s.io', name: leaseName, namespace };
  let current: KubernetesObject | undefined = last;
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      if (current === undefined || !isHeldBy(current, holder)) return;
      if (await free(kubernetes, current)) return;
      current = await kubernetes.get(ref);
    } catch (error) {
      if (!isTransient(error)) throw error;
      await clock.sleep(500);
    }
  }
}

async function free(kubernetes: KubernetesPort, lease: KubernetesObject): Promise<boolean> {
  try {
    await kubernetes.replace(freedLease(lease));
    return true;
  } catch (error) {
    if (isStatus(error, 409) || isStatus(error, 404) || isTransient(error)) return false;
    throw error;
  }
}

function isHeldBy(lease: KubernetesObject, holder: LeaseHolder): boolean {
  const record = readLease(lease);
  return record.identity === holder.identity && record.instance === holder.instance;
}

function locked(namespace: string, { identity, runUrl, acquiredAt }: LeaseRecord, now: number): UserError {
  const since = `${new Date(acquiredAt).toISOString()} (${formatDuration(now - acquiredAt)})`;
  const where = runUrl === '' ? '' : `, ${runUrl}`;
  return new UserError(
    'E_LOCKED',
    `namespace ${namespace} is locked by ${identity} since ${since}${where}`,
    'wait for that run, or raise `lock-timeout`',
  );
}

function lostLease(namespace: string, why: string): UserError {
  return new UserError(
    'E_LOCKED',
    `the lock of ${namespace} was lost: ${why}`,
    'run the job again: it recovers',
  );
}

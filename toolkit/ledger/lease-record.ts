import type { KubernetesObject } from '../kubernetes/kubernetes.ts';
import type { LeaseHolder } from './lease.ts';

export const leaseName = 'gated-delivery';
export const leaseSeconds = 60;
export const renewEveryMs = 15_000;

const instanceKey = 'gated-delivery.dev/instance';
const runKey = 'gated-delivery.dev/run';

/** What a Lease says. Times in ms since the epoch; identity '' when it is free. */
export interface LeaseRecord {
  readonly identity: string;
  readonly instance: string;
  readonly runUrl: string;
  readonly acquiredAt: number;
  readonly renewedAt: number;
  readonly durationMs: number;
}

export type LeaseState =
  | { readonly state: 'free' }
  /** Its holder is certainly gone: an earlier attempt of the same run, or a process that no longer exists. */
  | { readonly state: 'abandoned'; readonly record: LeaseRecord }
  | { readonly state: 'expired'; readonly record: LeaseRecord }
  | { readonly state: 'held'; readonly record: LeaseRecord; readonly expiresAt: number };

/** Clocks of runners differ a little; a lease counts as expired only this much later. */
const skewMs = 5_000;

export function readLease(lease: KubernetesObject): LeaseRecord {
  const spec = (lease.spec ?? {}) as {
    holderIdentity?: string;
    acquireTime?: string;
    renewTime?: string;
    leaseDurationSeconds?: number;
  };
  const time = (value: string | undefined): number => {
    const parsed = Date.parse(value ?? '');
    return Number.isFinite(parsed) ? parsed : 0;
  };
  return {
    identity: spec.holderIdentity ?? '',
    instance: lease.metadata.annotations?.[instanceKey] ?? '',
    runUrl: lease.metadata.annotations?.[runKey] ?? '',
    acquiredAt: time(spec.acquireTime),
    renewedAt: time(spec.renewTime),
    durationMs: (spec.leaseDurationSeconds ?? leaseSeconds) * 1000,
  };
}

/** `isDead` tells whether an instance of this very machine no longer runs. */
export function leaseState(
  record: LeaseRecord,
  holder: LeaseHolder,
  now: number,
  isDead: (instance: string) => boolean,
): LeaseState {
  if (record.identity === '') return { state: 'free' };
  const isOwn = record.instance !== '' && record.instance === holder.instance;
  if (isOwn || isDead(record.instance) || isEarlierAttempt(record.identity, holder.identity))
    return { state: 'abandoned', record };
  const expiresAt = record.renewedAt + record.durationMs + skewMs;
  return now > expiresAt ? { state: 'expired', record } : { state: 'held', record, expiresAt };
}

/** A run is only attempted again when the attempt before it has ended. */
function isEarlierAttempt(theirs: string, ours: string): boolean {
  const [their, our] = [theirs, ours].map((identity) => /^(.+\/\d+)\/(\d+)\/[^/]*$/.exec(identity));
  if (their === null || our === null || their === undefined || our === undefined) return false;
  return their[1] === our[1] && Number(their[2]) < Number(our[2]);
}

/** The Lease as it is written; `previous` is replaced under its resourceVersion. */
export function leaseObject(
  namespace: string,
  holder: LeaseHolder,
  times: { readonly acquiredAt: number; readonly renewedAt: number },
  previous: KubernetesObject | undefined,
): KubernetesObject {
  const micro = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');
  const transitions =
    ((previous?.spec as { leaseTransitions?: number } | undefined)?.leaseTransitions ?? 0) + 1;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: leaseName,
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'gated-delivery' },
      annotations: { [instanceKey]: holder.instance, [runKey]: holder.runUrl },
      ...(previous?.metadata.resourceVersion === undefined
        ? {}
        : { resourceVersion: previous.metadata.resourceVersion }),
    },
    spec: {
      holderIdentity: holder.identity,
      leaseDurationSeconds: leaseSeconds,
      acquireTime: micro(times.acquiredAt),
      renewTime: micro(times.renewedAt),
      leaseTransitions: transitions,
    },
  };
}

/** The same Lease without a holder. */
export function freedLease(lease: KubernetesObject): KubernetesObject {
  const spec = lease.spec as Record<string, unknown>;
  return {
    ...lease,
    metadata: { ...lease.metadata, annotations: {} },
    spec: { leaseTransitions: spec.leaseTransitions, leaseDurationSeconds: spec.leaseDurationSeconds },
  };
}

import type { ErrorCode } from '../action/errors.ts';
import type { KubernetesObject } from '../kubernetes/kubernetes.ts';

/** Everything the verdict looks at. All arrays hold objects of the release's namespace(s). */
export interface HealthInput {
  /** The objects that must be healthy: `kind`, `name`, `namespace` of each object of the manifests. */
  readonly expected: readonly { readonly kind: string; readonly name: string; readonly namespace: string }[];
  /** Live objects of every kind that matters: workloads, ReplicaSets, Pods, Jobs, PVCs, Services. */
  readonly live: readonly KubernetesObject[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

export interface HealthReason {
  readonly code: ErrorCode;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** One sentence for people. */
  readonly message: string;
  /** The pod to take logs and events from, when there is one. */
  readonly pod?: string;
  readonly container?: string;
}

/**
 * `healthy`: everything is as desired. `progressing`: keep waiting. `failed`: no amount of waiting mends it
 * (crash loop, image pull, progress deadline, failed Job), so fail at once.
 */
export type HealthVerdict =
  | { readonly health: 'healthy' }
  | { readonly health: 'progressing'; readonly reasons: readonly HealthReason[] }
  | { readonly health: 'failed'; readonly reasons: readonly HealthReason[] };

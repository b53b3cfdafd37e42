import type { ErrorCode } from '../action/errors.ts';

/** Enough of an object to find it in the cluster. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  /** Left out for cluster-wide kinds, and for objects in the release's own namespace. */
  readonly namespace?: string;
}

/** Something that going from one manifest to another would break or lose. */
export interface Risk {
  readonly kind:
    | 'sts-immutable'
    | 'sts-shrunk'
    | 'data-loss'
    | 'immutable-field'
    | 'service-type'
    | 'stateful-image'
    | 'crd-version'
    | 'api-removed'
    | 'migration';
  readonly code: ErrorCode;
  /** `StatefulSet/mongodb`. */
  readonly object: string;
  readonly ref: ObjectRef;
  /** The field that changes, such as `spec.volumeClaimTemplates`; '' when the whole object is meant. */
  readonly field: string;
  /** One sentence for people, without values of Secrets. */
  readonly message: string;
  /** For `stateful-image`: whether a known engine's data is at stake, and which way the version goes. */
  readonly image?: {
    readonly engine: string | undefined;
    readonly from: string;
    readonly to: string;
    readonly direction: 'down' | 'up' | 'unknown';
  };
}

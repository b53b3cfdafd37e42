import type { ErrorCode } from '../action/errors.ts';

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

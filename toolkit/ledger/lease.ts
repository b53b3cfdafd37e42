/** Who holds the lock of a namespace. */
export interface LeaseHolder {
  /** `repository/run/attempt/job`. */
  readonly identity: string;
  /** Tells apart two jobs of one name (a matrix): the runner's name; '' when unknown. */
  readonly instance: string;
  readonly runUrl: string;
}

export interface HeldLease {
  readonly namespace: string;
  /** Aborts when the lease could not be renewed in time: stop writing at once. */
  readonly lost: AbortSignal;
  /** Stops renewing and frees the lease; nothing happens when someone else holds it by now. */
  readonly release: () => Promise<void>;
}

export interface AcquireRequest {
  readonly namespace: string;
  readonly holder: LeaseHolder;
  /** How long to wait for another holder, in ms; then `E_LOCKED` with who and since when. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** Whether the run of an expired holder still goes on: then it is waited for all the same. Default: it does not. */
  readonly isInProgress?: (identity: string) => Promise<boolean>;
}

/** A `coordination.k8s.io/Lease` named `gated-delivery` per namespace, renewed every 15 s for 60 s. */
export interface LeasePort {
  readonly acquire: (request: AcquireRequest) => Promise<HeldLease>;
  /** Whether this very holder has the lock. */
  readonly isHeldBy: (namespace: string, holder: LeaseHolder) => Promise<boolean>;
  /** Frees what this holder left behind (for the `post` step); true when there was something to free. */
  readonly releaseLeftover: (namespace: string, holder: LeaseHolder) => Promise<boolean>;
}

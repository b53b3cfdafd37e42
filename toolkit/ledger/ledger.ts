/** The ConfigMap in each environment's namespace, and the one key in it that holds the ledger as JSON. */
export const ledgerName = 'gated-delivery-ledger';
export const ledgerKey = 'ledger.json';

/** What became of a deploy, or of one release in it. Only `verified` is a target to go back to. */
export const phases = [
  'planned',
  'applying',
  'deployed',
  'verified',
  'failed',
  'rolled-back',
  'bad',
] as const;
export type Phase = (typeof phases)[number];

export type UnitKind = 'helm' | 'kustomize' | 'argocd';

/** A controller's exact generation of pods, for `kubectl rollout undo --to-revision`. */
export interface LedgerWorkload {
  readonly kind: 'Deployment' | 'DaemonSet' | 'StatefulSet';
  readonly name: string;
  /** The ReplicaSet or ControllerRevision that holds the pod template. */
  readonly template: string;
  /** The number kubectl calls revision. */
  readonly revision: number;
}

export interface LedgerImage {
  readonly workload: string;
  readonly container: string;
  readonly image: string;
  /** `sha256:…` as the node reported it; '' when no pod ran yet. */
  readonly digest: string;
}

export interface LedgerRelease {
  readonly name: string;
  readonly namespace: string;
  readonly kind: UnitKind;
  readonly chart: string;
  readonly chartVersion: string;
  /** Helm's revision (kustomize: the bundle's number, Argo CD: the history id); 0 while nothing is applied. */
  readonly revision: number;
  /** The revision that was current before this deploy; 0 for a first install. */
  readonly previousRevision: number;
  /** Of the rendered objects as stored (`ReleaseRevision.manifestSha256`); '' while nothing is applied. */
  readonly manifestSha256: string;
  readonly valuesSha256: string;
  readonly images: readonly LedgerImage[];
  readonly workloads: readonly LedgerWorkload[];
  readonly phase: Phase;
  /** `namespace/name` of the releases this one needs. */
  readonly needs: readonly string[];
  /** Set when workloads were undone behind Helm's back: the live objects differ from the stored manifest. */
  readonly drifted?: boolean;
}

/** One deploy. Releases are in `needs` order: the reverse is the order of a rollback. */
export interface LedgerEntry {
  /** Unique: made of run id, attempt, job and the time in ms. */
  readonly id: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly updatedAt: string;
  readonly gitSha: string;
  readonly branch: string;
  readonly runUrl: string;
  readonly actor: string;
  readonly strategy: 'direct' | 'canary' | 'promote';
  readonly phase: Phase;
  readonly releases: readonly LedgerRelease[];
  /** Why it failed or was rolled back; '' otherwise. */
  readonly reason: string;
}

/** A commit that was rolled back here: deploying it again is refused unless forced. */
export interface BadCommit {
  readonly gitSha: string;
  readonly since: string;
  readonly reason: string;
  readonly planId: string;
}

export type StepState = 'todo' | 'doing' | 'done' | 'held' | 'failed';

/** A rollback in progress or finished; the same id found again is resumed. */
export interface RollbackPlan {
  readonly id: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly reason: string;
  readonly runUrl: string;
  readonly automatic: boolean;
  readonly state: 'open' | 'done' | 'failed';
  /** The deploy rolled away from. */
  readonly entryId: string;
  /** In the order of the rollback. */
  readonly steps: readonly {
    readonly release: string;
    readonly namespace: string;
    readonly fromRevision: number;
    readonly toRevision: number;
    readonly toManifestSha256: string;
    readonly state: StepState;
    readonly note: string;
  }[];
}

export interface Ledger {
  readonly format: 1;
  readonly environment: string;
  readonly namespace: string;
  /** Which ref deployed here last: a many-to-one environment is not taken over in silence. */
  readonly branch: string;
  /** Oldest first. */
  readonly entries: readonly LedgerEntry[];
  readonly bad: readonly BadCommit[];
  readonly plans: readonly RollbackPlan[];
}

/** A ledger with the version it was read at, for optimistic concurrency. */
export interface LedgerSnapshot {
  readonly ledger: Ledger;
  /** undefined: the ConfigMap does not exist yet. */
  readonly resourceVersion: string | undefined;
}

/**
 * Reads and writes the ledger. `update` reads, changes and writes with the version as precondition, and starts over
 * when someone else wrote in between, so nothing is ever lost; `change` must therefore be pure.
 * Content that is not a ledger of this format is `E_CONFIG`, never overwritten.
 */
export interface LedgerStore {
  readonly read: (namespace: string, environment: string) => Promise<LedgerSnapshot>;
  readonly update: (
    namespace: string,
    environment: string,
    change: (ledger: Ledger) => Ledger,
  ) => Promise<Ledger>;
}

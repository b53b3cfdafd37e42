/** Helm's own names for the state of a revision. */
export const releaseStatuses = [
  'unknown',
  'deployed',
  'uninstalled',
  'superseded',
  'failed',
  'uninstalling',
  'pending-install',
  'pending-upgrade',
  'pending-rollback',
] as const;
export type ReleaseStatus = (typeof releaseStatuses)[number];

export interface ReleaseHook {
  readonly name: string;
  readonly kind: string;
  /** `pre-upgrade`, `post-rollback`, `test` … */
  readonly events: readonly string[];
  readonly manifest: string;
}

/** One revision of a release as its storage Secret holds it. */
export interface ReleaseRevision {
  readonly name: string;
  readonly namespace: string;
  /** 1 and up. */
  readonly revision: number;
  readonly status: ReleaseStatus;
  readonly description: string;
  /** RFC 3339. */
  readonly lastDeployed: string;
  readonly chart: string;
  readonly chartVersion: string;
  readonly appVersion: string;
  /** Rendered objects, without hooks, as YAML documents. */
  readonly manifest: string;
  /** Hex digest of `manifest` in UTF-8: what the ledger is keyed by. */
  readonly manifestSha256: string;
  /** The values given by the user (not the chart's defaults). */
  readonly values: Readonly<Record<string, unknown>>;
  /** Hex digest of the values with sorted keys. */
  readonly valuesSha256: string;
  readonly hooks: readonly ReleaseHook[];
  /** `ssa` or `csa`: how helm 4 applied it; undefined for helm 3. */
  readonly applyMethod: string | undefined;
  /** Where it is stored, for patches with a precondition. */
  readonly secret: { readonly name: string; readonly resourceVersion: string; readonly bytes: number };
}

/** A chart with its values, the same for rendering and for applying. */
export interface ChartRelease {
  readonly release: string;
  readonly namespace: string;
  /** Folder, archive, `oci://…` or `repo/name`. */
  readonly chart: string;
  readonly chartVersion?: string;
  /** Paths of values files, later ones win. */
  readonly values: readonly string[];
  /** `key=value` items as `--set` takes them; they win over files. */
  readonly set: readonly string[];
}

export interface UpgradeRequest extends ChartRelease {
  readonly timeoutMs: number;
  /** At least 10, so that a verified revision is still there to go back to. */
  readonly historyMax: number;
  readonly description: string;
  /** Takes over fields (helm 4: `--force-conflicts`); never replaces objects. */
  readonly force: boolean;
  /** Waits for workloads and Jobs. */
  readonly wait: boolean;
  readonly signal: AbortSignal;
}

export interface RollbackRequest {
  readonly release: string;
  readonly namespace: string;
  /** Explicit and ≥ 1: a bare rollback goes to current − 1, so doing it twice brings the bad version back. */
  readonly revision: number;
  readonly timeoutMs: number;
  readonly historyMax: number;
  readonly wait: boolean;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** What `helm template` gives: hooks apart from the objects, both as YAML documents. */
export interface RenderedRelease {
  readonly manifest: string;
  readonly hooks: string;
}

/**
 * Helm 3 or 4, whichever is on PATH; flags follow the detected major. A failing helm is a ToolError whose code is
 * taken from its text: `E_RENDER`, `E_CONFLICT`, `E_OWNERSHIP`, `E_HOOK`, `E_IMMUTABLE`, `E_RELEASE_BUSY`, `E_TIMEOUT` …
 */
export interface HelmPort {
  readonly version: () => Promise<{ readonly major: 3 | 4; readonly version: string }>;
  /** All stored revisions of one release, oldest first; `[]` when there is none. */
  readonly history: (release: string, namespace: string) => Promise<readonly ReleaseRevision[]>;
  /** The stored revisions of every release of a namespace: name → oldest first. */
  readonly releases: (namespace: string) => Promise<ReadonlyMap<string, readonly ReleaseRevision[]>>;
  /** `helm template` against the server's capabilities. */
  readonly template: (
    release: ChartRelease & { readonly isUpgrade: boolean; readonly signal: AbortSignal },
  ) => Promise<RenderedRelease>;
  /** Downloads a chart by its reference and unpacks it into an empty folder; the folder of the chart. */
  readonly pull: (request: {
    readonly chart: string;
    /** '' is the newest. */
    readonly version: string;
    readonly into: string;
    readonly signal: AbortSignal;
  }) => Promise<string>;
  /** `helm upgrade --install`, never with `--atomic` or `--rollback-on-failure`. */
  readonly upgradeInstall: (request: UpgradeRequest) => Promise<void>;
  /** `helm rollback RELEASE REVISION`. */
  readonly rollback: (request: RollbackRequest) => Promise<void>;
  /** `helm uninstall`; nothing happens when there is no such release. Only for previews that are torn down. */
  readonly uninstall: (request: {
    readonly release: string;
    readonly namespace: string;
    readonly signal: AbortSignal;
  }) => Promise<void>;
  /**
   * Patches a revision left `pending-*` by a dead process to `failed` in its Secret (status and label), with a
   * resourceVersion precondition: status 409 when someone wrote it meanwhile. Call only with the lock held.
   */
  readonly markFailed: (revision: ReleaseRevision, why: string) => Promise<void>;
}

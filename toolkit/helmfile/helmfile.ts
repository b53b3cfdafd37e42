/** One release of a helmfile, as `helmfile list` and `build` describe it. */
export interface HelmfileRelease {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  /** '' when the chart is a folder. */
  readonly version: string;
  /** Installed releases only; `installed: false` ones are kept apart. */
  readonly installed: boolean;
  /** Names of releases of this helmfile that come before this one, as `namespace/name`. */
  readonly needs: readonly string[];
}

export interface HelmfileRender {
  readonly release: string;
  readonly namespace: string;
  readonly manifest: string;
  readonly hooks: string;
}

export interface HelmfileSelection {
  readonly releases: readonly { readonly name: string; readonly namespace: string }[];
  readonly signal: AbortSignal;
}

export interface HelmfileSync extends HelmfileSelection {
  readonly timeoutMs: number;
  readonly historyMax: number;
  readonly description: string;
  readonly force: boolean;
}

/** helmfile with one file, environment, namespace and set of extra values. Failures are ToolErrors coded like helm's. */
export interface HelmfilePort {
  /** Releases in an order in which each comes after what it needs. A cycle or an unknown need is `E_CONFIG`. */
  readonly list: (signal: AbortSignal) => Promise<readonly HelmfileRelease[]>;
  /** Renders the selected releases; nothing in the cluster changes. */
  readonly template: (
    selection: HelmfileSelection & { readonly isUpgrade: boolean },
  ) => Promise<readonly HelmfileRender[]>;
  /** Upgrades or installs the selected releases in `needs` order, waiting for each; stops at the first failure. */
  readonly sync: (request: HelmfileSync) => Promise<void>;
}

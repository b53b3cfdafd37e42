import type { UnitKind } from '../../../toolkit/ledger/ledger.ts';
import type { ReleaseHooks } from './hook-failure.ts';

/** One release as the files of the commit want it. */
export interface WantedRelease {
  readonly name: string;
  readonly namespace: string;
  readonly kind: UnitKind;
  readonly chart: string;
  readonly chartVersion: string;
  /** False: it is to be removed where it exists. */
  readonly installed: boolean;
  /** `namespace/name` of what comes before it. */
  readonly needs: readonly string[];
}

export interface Rendered {
  readonly name: string;
  readonly namespace: string;
  readonly manifest: string;
  readonly hooks: string;
}

export interface ApplyRequest {
  /** In `needs` order. */
  readonly releases: readonly WantedRelease[];
  /** Of the same releases: what may stop Helm before any object. */
  readonly hooks: readonly ReleaseHooks[];
  readonly timeoutMs: number;
  readonly description: string;
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** A helmfile or a chart behind one face. */
export interface DeployUnit {
  /** In `needs` order. */
  readonly list: (signal: AbortSignal) => Promise<readonly WantedRelease[]>;
  /** Renders without changing anything; `existing` holds the `namespace/name` of releases that would be upgraded. */
  readonly render: (
    releases: readonly WantedRelease[],
    existing: ReadonlySet<string>,
    signal: AbortSignal,
  ) => Promise<readonly Rendered[]>;
  readonly apply: (request: ApplyRequest) => Promise<void>;
}

export const keyOfRelease = ({ namespace, name }: { namespace: string; name: string }): string =>
  `${namespace}/${name}`;

/** Revisions kept by Helm: a verified one must still be there when it is needed. */
export const historyMax = 10;

import { parseAllDocuments } from 'yaml';
import { UserError } from '../action/errors.ts';
import type { HelmfileRelease } from './helmfile.ts';
import { sortByNeeds } from './needs-order.ts';

interface State {
  readonly helmDefaults?: Options;
  readonly repositories?: readonly unknown[];
  readonly hooks?: readonly unknown[];
  readonly releases?: readonly (Options & {
    readonly name?: string;
    readonly namespace?: string;
    readonly chart?: string;
    readonly version?: string;
    readonly installed?: boolean;
    readonly condition?: string;
    readonly needs?: readonly string[];
    readonly hooks?: readonly unknown[];
    readonly dependencies?: readonly unknown[];
  })[];
}

interface Options {
  readonly atomic?: boolean;
  readonly rollbackOnFailure?: boolean;
  readonly historyMax?: number;
}

export interface HelmfileState {
  /** In `needs` order. */
  readonly releases: readonly HelmfileRelease[];
  /** The smallest history any release asks for; 0 is without limit. */
  readonly historyMax: number;
  /** One file without repositories, hooks and added dependencies: reading its charts runs nothing and fetches nothing. */
  readonly isPlain: boolean;
}

/** Reads what `helmfile build` prints. `defaultNamespace` is for releases that name none. */
export function parseBuild(stdout: string, defaultNamespace: string): HelmfileState {
  const states = parseAllDocuments(stdout).map((document): State => (document.toJS() as State | null) ?? {});
  const releases: HelmfileRelease[] = [];
  const limits: number[] = [];
  for (const state of states) {
    for (const release of state.releases ?? []) {
      const name = release.name ?? '';
      refuseAtomic(name, release, state.helmDefaults ?? {});
      const limit = release.historyMax ?? state.helmDefaults?.historyMax;
      if (limit !== undefined && limit > 0) limits.push(limit);
      const namespace = release.namespace ?? defaultNamespace;
      releases.push({
        name,
        namespace,
        chart: release.chart ?? '',
        version: release.version ?? '',
        installed: release.installed ?? true,
        needs: (release.needs ?? []).map((need) => needKey(need, namespace)),
      });
    }
  }
  return {
    releases: sortByNeeds(releases),
    historyMax: limits.length === 0 ? 0 : Math.min(...limits),
    isPlain: states.length === 1 && states.every(isPlain),
  };
}

function isPlain({ repositories = [], hooks = [], releases = [] }: State): boolean {
  const added = releases.flatMap((release) => [...(release.hooks ?? []), ...(release.dependencies ?? [])]);
  return repositories.length + hooks.length + added.length === 0;
}

/** `name`, `namespace/name` or `context/namespace/name`. */
function needKey(need: string, namespace: string): string {
  const parts = need.split('/');
  return parts.length === 1 ? `${namespace}/${need}` : parts.slice(-2).join('/');
}

function refuseAtomic(name: string, release: Options, defaults: Options): void {
  const option = (['atomic', 'rollbackOnFailure'] as const).find(
    (key) => release[key] ?? defaults[key] ?? false,
  );
  if (option === undefined) return;
  throw new UserError(
    'E_CONFIG',
    `release ${name} of the helmfile sets '${option}', which goes back without a guard for data`,
    `remove '${option}': a bad deploy is rolled back by the rollback action`,
  );
}

import * as v from 'valibot';
import { parseAllDocuments, type Document } from 'yaml';
import { UserError } from '../action/errors.ts';
import type { HelmfileRelease } from './helmfile.ts';
import { sortByNeeds } from './needs-order.ts';

const options = {
  atomic: v.nullish(v.boolean()),
  rollbackOnFailure: v.nullish(v.boolean()),
  historyMax: v.nullish(v.number()),
};
const anything = v.nullish(v.array(v.unknown()), []);
/** What is read of the document; helmfile says far more. */
const state = v.object({
  helmDefaults: v.nullish(v.object(options), {}),
  repositories: anything,
  hooks: anything,
  releases: v.nullish(
    v.array(
      v.object({
        ...options,
        name: v.nullish(v.string(), ''),
        namespace: v.nullish(v.string()),
        chart: v.nullish(v.string(), ''),
        version: v.nullish(v.string(), ''),
        installed: v.nullish(v.boolean(), true),
        needs: v.nullish(v.array(v.string()), []),
        hooks: anything,
        dependencies: anything,
      }),
    ),
    [],
  ),
});

type State = v.InferOutput<typeof state>;
type Options = v.InferOutput<(typeof state)['entries']['helmDefaults']>;

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
  const states = parseAllDocuments(stdout, { stringKeys: true }).map(readState);
  const releases: HelmfileRelease[] = [];
  const limits: number[] = [];
  for (const { helmDefaults, releases: listed } of states) {
    for (const release of listed) {
      const { name, chart, version, installed } = release;
      refuseAtomic(name, release, helmDefaults);
      const limit = release.historyMax ?? helmDefaults.historyMax ?? 0;
      if (limit > 0) limits.push(limit);
      const namespace = release.namespace ?? defaultNamespace;
      const needs = release.needs.map((need) => needKey(need, namespace));
      releases.push({ name, namespace, chart, version, installed, needs });
    }
  }
  return {
    releases: sortByNeeds(releases),
    historyMax: limits.length === 0 ? 0 : Math.min(...limits),
    isPlain: states.length === 1 && states.every(isPlain),
  };
}

function isPlain({ repositories, hooks, releases }: State): boolean {
  const added = releases.flatMap((release) => [...release.hooks, ...release.dependencies]);
  return repositories.length + hooks.length + added.length === 0;
}

function readState(document: Document): State {
  const [broken] = document.errors;
  if (broken !== undefined) throw unreadable(broken.message.split('\n')[0] ?? '');
  let data: unknown;
  try {
    data = document.toJS();
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error));
  }
  const parsed = v.safeParse(state, data ?? {});
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw unreadable(`${v.getDotPath(issue) ?? 'the document'}: ${issue.message}`);
}

function unreadable(problem: string): UserError {
  return new UserError(
    'E_CONFIG',
    `helmfile: what \`helmfile build\` prints cannot be read: ${problem}`,
    'run `helmfile build` and correct what it shows there',
  );
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

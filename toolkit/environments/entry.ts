/** One line of the branch map, read and checked. */
export interface EnvironmentEntry {
  /** Patterns of branch names; those that begin with `!` take branches away again. */
  readonly branch: readonly string[];
  /** GitHub environment, with `{slug}` still in it where the entry uses it. */
  readonly environment: string;
  /** Namespace, with `{slug}` still in it where the entry uses it. */
  readonly namespace: string;
  /** `required`: the GitHub environment must have required reviewers. */
  readonly gate: 'required' | 'none';
  /** The namespace belongs to one branch, is created on demand and removed with it. */
  readonly preview: boolean;
  /** Milliseconds a preview lives after its last deploy; undefined: until it is torn down. */
  readonly ttlMs: number | undefined;
  /** Values files of this environment, after the common ones. */
  readonly values: readonly string[];
  /** Address people open, with `{slug}` still in it. */
  readonly url: string | undefined;
  /** Release name with `{slug}`, for units that take one. */
  readonly release: string | undefined;
  /** Another branch of the same entry may replace what is deployed. */
  readonly allowBranchTakeover: boolean;
  /** Line of the entry in its source, from 1. */
  readonly line: number;
}

/** The slug's place in a template. */
export const slugMark = '{slug}';

/** More than one branch can match: a wildcard or several patterns. */
export function isGlob(entry: Pick<EnvironmentEntry, 'branch'>): boolean {
  return entry.branch.length > 1 || entry.branch.some((pattern) => /^!|\*/.test(pattern));
}

import { UserError } from '../action/errors.ts';
import { branchOf, refuseForks, type EventRef } from './branch-of.ts';
import { matchesBranch } from './branch-pattern.ts';
import { isGlob, slugMark, type EnvironmentEntry } from './entry.ts';
import { isForbiddenNamespace } from './forbidden-namespace.ts';
import { isLabel, slugOf } from './slug.ts';

/** Where a branch goes: every `{slug}` is filled in and every name is valid. */
export interface ResolvedEnvironment {
  readonly kind: 'mapped';
  /** '' when the environment was named and no branch is known. */
  readonly branch: string;
  readonly environment: string;
  readonly namespace: string;
  readonly gate: 'required' | 'none';
  readonly preview: boolean;
  readonly ttlMs: number | undefined;
  readonly values: readonly string[];
  readonly url: string | undefined;
  readonly release: string | undefined;
  /** '' for entries without `{slug}`. */
  readonly slug: string;
  /** Several branches share this environment: a takeover must be allowed. */
  readonly manyToOne: boolean;
  readonly allowBranchTakeover: boolean;
}

export type Resolution = ResolvedEnvironment | { readonly kind: 'unmapped'; readonly reason: string };

export interface ResolveRequest extends EventRef {
  readonly entries: readonly EnvironmentEntry[];
  /** The `branch` input: counts instead of the event's. */
  readonly branch?: string;
  /** The `environment` input: the entry is taken by name, whatever the branch. */
  readonly environment?: string;
}

/** The first entry that matches. Throws E_UNSAFE_EVENT for forks and E_CONFIG for a name that may not be used. */
export function resolveEnvironment(request: ResolveRequest): Resolution {
  const { entries } = request;
  // Also where inputs name the branch or the environment: they may be the fork's own words, such as its head ref.
  refuseForks(request);
  if (request.environment !== undefined && request.environment !== '') {
    return byName(entries, request.environment, request.branch ?? '');
  }
  const found =
    request.branch !== undefined && request.branch !== ''
      ? { kind: 'branch' as const, branch: request.branch }
      : branchOf(request);
  if (found.kind === 'none') return { kind: 'unmapped', reason: found.reason };
  const entry = entries.find((candidate) => matchesBranch(candidate.branch, found.branch));
  if (entry === undefined) {
    return { kind: 'unmapped', reason: `no entry of \`environments\` matches the branch ${found.branch}` };
  }
  return fill(entries, entry, found.branch, usesSlug(entry) ? entrySlug(entry, found.branch) : '');
}

function byName(entries: readonly EnvironmentEntry[], environment: string, branch: string): Resolution {
  for (const entry of entries) {
    if (!entry.environment.includes(slugMark)) {
      if (entry.environment === environment) {
        return fill(entries, entry, branch, usesSlug(entry) ? entrySlug(entry, branch) : '');
      }
      continue;
    }
    const [before = '', after = ''] = entry.environment.split(slugMark);
    const slug = environment.slice(before.length, environment.length - after.length);
    if (environment === `${before}${slug}${after}` && isLabel(slug))
      return fill(entries, entry, branch, slug);
  }
  return { kind: 'unmapped', reason: `no entry of \`environments\` is named ${environment}` };
}

function usesSlug(entry: EnvironmentEntry): boolean {
  return [entry.environment, entry.namespace, entry.release ?? '', entry.url ?? ''].some((text) =>
    text.includes(slugMark),
  );
}

/** One slug for all templates of the entry, short enough for the tightest of them. */
export function entrySlug(entry: EnvironmentEntry, branch: string): string {
  if (branch === '') {
    throw new UserError(
      'E_CONFIG',
      `environment ${entry.environment} is named after its branch, and no branch is known`,
      'give `branch`, or the environment with the slug filled in',
    );
  }
  const room = (template: string, limit: number): number =>
    template.includes(slugMark) ? limit - (template.length - slugMark.length) : limit;
  const max = Math.min(room(entry.namespace, 63), room(entry.release ?? '', 53));
  return slugOf(branch, { max, hashed: isGlob(entry) });
}

function fill(
  entries: readonly EnvironmentEntry[],
  entry: EnvironmentEntry,
  branch: string,
  slug: string,
): ResolvedEnvironment {
  const put = (template: string): string => template.replaceAll(slugMark, slug);
  const namespace = put(entry.namespace);
  const fixed = entries.some(
    (other) => !other.namespace.includes(slugMark) && other.namespace === namespace && other !== entry,
  );
  const templated = entry.namespace.includes(slugMark);
  if (!isLabel(namespace) || isForbiddenNamespace(namespace) || (templated && fixed)) {
    throw new UserError(
      'E_CONFIG',
      `namespace ${namespace} of environment ${put(entry.environment)} may not be used`,
      'default, kube-* and the namespaces of other entries are never deployed to by a template',
    );
  }
  const release = entry.release === undefined ? undefined : put(entry.release);
  if (release !== undefined && !isLabel(release, 53)) {
    throw new UserError(
      'E_CONFIG',
      `'${release}' is not a release name`,
      'use at most 53 of a-z, 0-9 and hyphens',
    );
  }
  return {
    kind: 'mapped',
    branch,
    environment: put(entry.environment),
    namespace,
    gate: entry.gate,
    preview: entry.preview,
    ttlMs: entry.ttlMs,
    values: entry.values.map(put),
    url: entry.url === undefined ? undefined : put(entry.url),
    release,
    slug,
    manyToOne: isGlob(entry) && !templated,
    allowBranchTakeover: entry.allowBranchTakeover,
  };
}

import { stringify } from 'yaml';
import { UserError } from '../../../toolkit/action/errors.ts';
import { isAutomated, sourcesIn, specOf } from '../../../toolkit/argocd/application.ts';
import type { Operation } from '../../../toolkit/argocd/run-operation.ts';
import type { KubernetesObject } from '../../../toolkit/kubernetes/kubernetes.ts';
import { at, text } from '../../../toolkit/manifests/fields.ts';

/** The commit of a run. */
export interface Commit {
  /** `owner/name`. */
  readonly repository: string;
  readonly sha: string;
}

/** What an Application is to be synced to: its sources with their revisions set. */
export interface Wish {
  readonly sources: readonly unknown[];
  readonly revisions: readonly string[];
  readonly isMulti: boolean;
}

/**
 * Sources that are this repository go to this very commit; others stay at what they name. Throws E_CONFLICT when Argo CD
 * syncs by itself, and E_OWNERSHIP when the Application deploys to another namespace than the branch belongs to.
 */
export function wishFor(application: KubernetesObject, commit: Commit, namespace: string): Wish {
  const { name } = application.metadata;
  if (isAutomated(application)) {
    throw new UserError(
      'E_CONFLICT',
      `Application ${name} syncs by itself: nothing can be held back, gated or recorded before it is there`,
      `switch it off: \`argocd app set ${name} --sync-policy none\``,
    );
  }
  const destination = text(at(application.spec, 'destination', 'namespace'));
  if (destination !== '' && destination !== namespace) {
    throw new UserError(
      'E_OWNERSHIP',
      `Application ${name} deploys to namespace ${destination}, and the branch belongs to ${namespace}`,
      'use the Application of this environment',
    );
  }
  const { sources: given, isMulti } = sourcesIn(application.spec);
  const sources = given.map((source) =>
    isOf(text(at(source, 'repoURL')), commit.repository)
      ? { ...(source as object), targetRevision: commit.sha }
      : source,
  );
  return { sources, revisions: sources.map((source) => text(at(source, 'targetRevision'), 'HEAD')), isMulti };
}

/** The revision and its sync. */
export function syncOf(
  { sources, revisions, isMulti }: Wish,
  runUrl: string,
): Operation & { readonly spec: Record<string, unknown> } {
  return {
    spec: specOf(sources, isMulti),
    info: { name: 'Run', value: runUrl },
    sync: {
      syncStrategy: { hook: {} },
      ...(isMulti ? { sources, revisions } : { source: sources[0], revision: revisions[0] }),
    },
  };
}

/** A wish or a sync as an object that can be compared: what is synced, from where, at which revision. */
export function asManifest(
  name: string,
  { sources, revisions }: { readonly sources: readonly unknown[]; readonly revisions: readonly string[] },
): string {
  const plain = sources.map((source, index) => ({
    ...(source as object),
    targetRevision: revisions[index] ?? '',
  }));
  const spec = { sources: plain };
  return stringify({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name }, spec });
}

/** `https://github.com/owner/name.git`, `git@github.com:owner/name` and the like. */
function isOf(repoUrl: string, repository: string): boolean {
  const plain = repoUrl
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  const wanted = repository.toLowerCase();
  return wanted !== '' && (plain.endsWith(`/${wanted}`) || plain.endsWith(`:${wanted}`));
}

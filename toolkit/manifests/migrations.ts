import type { Risk } from './risk.ts';

/** A hook as a stored revision holds it. */
export interface StoredHook {
  readonly name: string;
  readonly kind: string;
  readonly events: readonly string[];
  readonly manifest: string;
}

export interface RevisionHooks {
  readonly revision: number;
  readonly hooks: readonly StoredHook[];
}

const forward = /^(pre|post)-(install|upgrade)$/;

/** The hook Jobs that Helm runs when it installs or upgrades: charts put migrations there. */
export function migrationJobs(hooks: readonly StoredHook[]): StoredHook[] {
  return hooks.filter(
    (hook) =>
      (hook.kind === 'Job' || hook.kind === 'Pod') && hook.events.some((event) => forward.test(event)),
  );
}

/**
 * Hook Jobs that ran after `target` up to and with `current`. A Job that the target had already, letter by letter
 * (image included), brought nothing new and is left out.
 */
export function migrationsBetween(
  revisions: readonly RevisionHooks[],
  target: number,
  current: number,
): Risk[] {
  const old = revisions.find((revision) => revision.revision === target)?.hooks ?? [];
  const known = new Set(migrationJobs(old).map((hook) => hook.manifest.trim()));
  return revisions
    .filter((revision) => revision.revision > target && revision.revision <= current)
    .flatMap((revision) =>
      migrationJobs(revision.hooks)
        .filter((hook) => !known.has(hook.manifest.trim()))
        .map((hook) => ({
          kind: 'migration' as const,
          code: 'E_MIGRATION' as const,
          object: `${hook.kind}/${hook.name}`,
          ref: { apiVersion: hook.kind === 'Job' ? 'batch/v1' : 'v1', kind: hook.kind, name: hook.name },
          field: '',
          message: `revision ${revision.revision} ran the hook ${hook.kind}/${hook.name}, which may have changed data`,
        })),
    );
}

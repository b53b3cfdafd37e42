import type { Ledger, LedgerEntry, LedgerRelease, UnitKind } from '../../../toolkit/ledger/ledger.ts';
import { isRollback } from './target.ts';

export interface ScopedRelease {
  readonly name: string;
  readonly namespace: string;
  readonly kind: UnitKind;
  /** What the last deploy recorded of it; undefined when it was not part of it. */
  readonly record: LedgerRelease | undefined;
}

export type Scope =
  | {
      readonly kind: 'scope';
      /** The deploy that is rolled away from; undefined when the ledger knows none. */
      readonly entry: LedgerEntry | undefined;
      /** In the order of the rollback: the reverse of `needs`. */
      readonly releases: readonly ScopedRelease[];
      /** Several releases: those that only hold data stay out unless they are named. */
      readonly isWholeDeploy: boolean;
    }
  | { readonly kind: 'none'; readonly why: string }
  /** The deploy to undo is not the newest one. */
  | { readonly kind: 'overtaken'; readonly why: string };

/** The releases to roll back: the named ones, or every one of the last deploy, last deployed first. */
export function resolveScope(
  ledger: Ledger,
  named: readonly string[],
  namespace: string,
  deploy = '',
): Scope {
  const entry = lastDeploy(ledger);
  if (deploy !== '' && !isDeploy(entry, deploy)) {
    const newest = entry === undefined ? 'no deploy at all' : `${entry.id} of commit ${entry.gitSha}`;
    return { kind: 'overtaken', why: `the newest deploy of ${namespace} is ${newest}, and not ${deploy}` };
  }
  const deployed = (entry?.releases ?? []).toReversed();
  if (named.length === 0) {
    if (entry === undefined) {
      return {
        kind: 'none',
        why: `the ledger of ${namespace} knows no deploy: name a release with \`release\``,
      };
    }
    return { kind: 'scope', entry, releases: deployed.map(scoped), isWholeDeploy: true };
  }
  const known = deployed.filter((release) => named.includes(release.name)).map(scoped);
  const others = named
    .filter((name) => !known.some((release) => release.name === name))
    .map((name) => {
      const record = newest(ledger, name);
      return { name, namespace: record?.namespace ?? namespace, kind: record?.kind ?? 'helm', record };
    });
  return { kind: 'scope', entry, releases: [...known, ...others], isWholeDeploy: false };
}

/** What has to be locked. A helmfile may put releases elsewhere; an Application's namespace is Argo CD's own. */
export function touchedNamespaces(scope: Scope, namespace: string): string[] {
  const releases = scope.kind === 'scope' ? scope.releases : [];
  const own = releases.filter(({ kind }) => kind !== 'argocd').map((release) => release.namespace);
  return [...new Set([namespace, ...own])].toSorted();
}

/** `namespace/name` of what Helm may have left pending; others' releases beside them are not touched. */
export function helmReleases(scope: Scope): string[] {
  const releases = scope.kind === 'scope' ? scope.releases : [];
  return releases.filter(({ kind }) => kind === 'helm').map(({ namespace, name }) => `${namespace}/${name}`);
}

/** The newest deploy that changed something; rollbacks are none. */
export function lastDeploy(ledger: Ledger): LedgerEntry | undefined {
  return ledger.entries.findLast((entry) => entry.phase !== 'planned' && !isRollback(ledger, entry));
}

/** Ids of entries begin with the id of the run that made them. */
function isDeploy(entry: LedgerEntry | undefined, named: string): boolean {
  if (entry === undefined) return false;
  return entry.id === named || entry.gitSha === named || entry.id.startsWith(`${named}-`);
}

function scoped(record: LedgerRelease): ScopedRelease {
  return { name: record.name, namespace: record.namespace, kind: record.kind, record };
}

function newest(ledger: Ledger, name: string): LedgerRelease | undefined {
  for (const entry of ledger.entries.toReversed()) {
    const record = entry.releases.find((release) => release.name === name);
    if (record !== undefined) return record;
  }
  return undefined;
}

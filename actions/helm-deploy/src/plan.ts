import type { ErrorCode } from '../../../toolkit/action/errors.ts';
import { isVerified, recordOf } from '../../../toolkit/ledger/ledger-edit.ts';
import type { ReleaseHook, ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import type { Ledger } from '../../../toolkit/ledger/ledger.ts';
import { diffManifests, type ObjectChange } from '../../../toolkit/manifests/diff-manifests.ts';
import { bundlesAtStake, objectsOf } from '../../../toolkit/kustomize/at-stake.ts';
import { parseManifests } from '../../../toolkit/manifests/parse-manifests.ts';
import { byKey, type ManifestObject } from '../../../toolkit/manifests/manifest-object.ts';
import { scanRisks } from '../../../toolkit/manifests/scan-risks.ts';
import type { Risk } from '../../../toolkit/manifests/risk.ts';
import { keyOfRelease, type Rendered, type WantedRelease } from './unit.ts';

export interface ReleasePlan {
  readonly wanted: WantedRelease;
  readonly action: 'install' | 'upgrade' | 'unchanged' | 'remove' | 'absent';
  /** The newest stored revision. */
  readonly current: ReleaseRevision | undefined;
  readonly verified: boolean;
  readonly changes: readonly ObjectChange[];
  readonly risks: readonly Risk[];
  /** Objects that failed revisions since the last good one had in another form. */
  readonly leftBehind: readonly LeftBehind[];
  /** What Helm would run around the change. */
  readonly hooks: readonly ReleaseHook[];
}

export interface LeftBehind {
  readonly target: ManifestObject;
  readonly givenUp: readonly ManifestObject[];
}

/** `nothing`: all there and verified. `verify`: all there, not yet verified. `apply`: something changes. */
export type Plan =
  | { readonly decision: 'refuse'; readonly code: ErrorCode; readonly message: string; readonly hint: string }
  | {
      readonly decision: 'nothing' | 'verify' | 'apply';
      /** In `needs` order. */
      readonly releases: readonly ReleasePlan[];
      /** Risks that were allowed by name. */
      readonly allowed: readonly Risk[];
    };

export interface PlanInput {
  readonly gitSha: string;
  readonly branch: string;
  readonly environment: string;
  readonly manyToOne: boolean;
  readonly allowBranchTakeover: boolean;
  readonly strategy: 'direct' | 'canary' | 'promote';
  readonly force: boolean;
  /** Objects such as `StatefulSet/mongodb` whose risks are accepted. */
  readonly allowRisks: readonly string[];
  readonly wanted: readonly WantedRelease[];
  readonly rendered: readonly Rendered[];
  readonly revisions: ReadonlyMap<string, readonly ReleaseRevision[]>;
  readonly ledger: Ledger;
}

/** Kinds of risk that stop a deploy; images of stateful engines may go up, and are shown only. */
const refused = new Set<Risk['kind']>([
  'sts-immutable',
  'sts-shrunk',
  'data-loss',
  'immutable-field',
  'service-type',
  'crd-version',
]);

/** What to do, from files and cluster alone. */
export function planDeploy(input: PlanInput): Plan {
  return refuseByLedger(input) ?? decide(input);
}

function refuseByLedger(input: PlanInput): Plan | undefined {
  const { ledger, gitSha, branch, force } = input;
  if (ledger.environment !== '' && ledger.environment !== input.environment) {
    return {
      decision: 'refuse',
      code: 'E_OWNERSHIP',
      message: `namespace ${ledger.namespace} belongs to environment ${ledger.environment}, not ${input.environment}`,
      hint: 'give each environment a namespace of its own',
    };
  }
  const bad = ledger.bad.find((commit) => commit.gitSha === gitSha);
  if (bad !== undefined && !force) {
    return {
      decision: 'refuse',
      code: 'E_ALREADY_BAD',
      message: `${gitSha.slice(0, 12)} was rolled back here at ${bad.since}: ${bad.reason}`,
      hint: 'fix forward with a new commit, or set `force: true`',
    };
  }
  const isTakeover = input.manyToOne && ledger.branch !== '' && branch !== '' && ledger.branch !== branch;
  if (isTakeover && !input.allowBranchTakeover) {
    return {
      decision: 'refuse',
      code: 'E_OWNERSHIP',
      message: `${input.environment} runs branch ${ledger.branch}, and ${branch} would take it over`,
      hint: 'set `allow-branch-takeover: true` in the entry of `environments`, or deploy that branch',
    };
  }
  return undefined;
}

function decide(input: PlanInput): Plan {
  const rendered = new Map(input.rendered.map((item) => [keyOfRelease(item), item]));
  const releases = input.wanted.map((wanted) =>
    planRelease(wanted, rendered.get(keyOfRelease(wanted)), input),
  );
  const risks = releases.flatMap((release) => release.risks).filter(({ kind }) => refused.has(kind));
  const isAllowed = (risk: Risk): boolean => input.allowRisks.includes(risk.object);
  const stopping = risks.filter((risk) => !isAllowed(risk));
  const first = stopping[0];
  if (first !== undefined) {
    const all = stopping.map(({ message, field }) => (field === '' ? message : `${message} (${field})`));
    return {
      decision: 'refuse',
      code: first.code,
      message: all.join('; '),
      hint: `nothing was changed; to accept it, set \`allow-risks: ${first.object}\``,
    };
  }
  const allowed = risks.filter(isAllowed);
  const isChanged = releases.some(({ action }) => action !== 'unchanged' && action !== 'absent');
  if (isChanged) return { decision: 'apply', releases, allowed };
  const isDone = releases.every(({ action, verified }) => action === 'absent' || verified);
  return { decision: isDone ? 'nothing' : 'verify', releases, allowed };
}

function planRelease(wanted: WantedRelease, rendered: Rendered | undefined, input: PlanInput): ReleasePlan {
  const history = input.revisions.get(keyOfRelease(wanted)) ?? [];
  const last = history.at(-1);
  const current = last?.status === 'uninstalled' ? undefined : last;
  if (!wanted.installed && current === undefined) {
    const nothing = { changes: [], risks: [], leftBehind: [], hooks: [] };
    return { wanted, action: 'absent', current, verified: false, ...nothing };
  }
  // After a failed upgrade the objects are between two manifests; the last one that was whole is the safer measure.
  const base = history.findLast(({ status }) => status === 'deployed') ?? current;
  const before =
    wanted.kind === 'kustomize'
      ? objectsOf(bundlesAtStake(history), wanted.namespace)
      : parseManifests(base?.manifest ?? '');
  const after = wanted.installed ? parseManifests(rendered?.manifest ?? '') : [];
  const hooks = wanted.installed ? withoutTests(parseManifests(rendered?.hooks ?? '')) : [];
  const changes = diffManifests(before, after, wanted.namespace);
  const found = {
    wanted,
    current,
    changes,
    risks: scanRisks(before, after, wanted.namespace),
    leftBehind: leftByFailures(history, after, wanted.namespace),
    hooks: hooks.map(asHook),
  };
  if (!wanted.installed) return { ...found, action: 'remove', verified: false };
  if (current === undefined) return { ...found, action: 'install', verified: false };
  const isSame =
    current.status === 'deployed' &&
    // Workloads that were undone behind Helm's back are not what this revision says they are.
    recordOf(input.ledger, current)?.drifted !== true &&
    changes.length === 0 &&
    diffManifests(hooksOf(current), hooks, wanted.namespace).length === 0;
  const verified = isSame && isVerified(input.ledger, current);
  return { ...found, action: isSame ? 'unchanged' : 'upgrade', verified };
}

function asHook({ kind, metadata: { name, annotations } }: ManifestObject): ReleaseHook {
  const events = (annotations?.['helm.sh/hook'] ?? '').split(',').map((event) => event.trim());
  return { name, kind, events, manifest: '' };
}

function leftByFailures(
  history: readonly ReleaseRevision[],
  target: readonly ManifestObject[],
  namespace: string,
): LeftBehind[] {
  const lastGood = history.findLastIndex(({ status }) => status === 'deployed');
  const failed = history.slice(lastGood + 1).filter(({ status }) => status === 'failed');
  if (lastGood < 0 || failed.length === 0) return [];
  const manifests = failed.map(({ manifest }) => byKey(parseManifests(manifest), namespace));
  return [...byKey(target, namespace)].flatMap(([key, object]) => {
    const givenUp = manifests.flatMap((objects) => objects.get(key) ?? []);
    return givenUp.length === 0 ? [] : [{ target: object, givenUp }];
  });
}

function hooksOf(revision: ReleaseRevision): ManifestObject[] {
  return withoutTests(revision.hooks.flatMap(({ manifest }) => parseManifests(manifest)));
}

/** Test hooks run by `helm test` only. */
function withoutTests(hooks: readonly ManifestObject[]): ManifestObject[] {
  return hooks.filter(
    (hook) => !/^test(-success|-failure)?$/.test(hook.metadata.annotations?.['helm.sh/hook'] ?? ''),
  );
}

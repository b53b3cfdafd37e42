import type { ReleaseRevision } from '../../../toolkit/helm/helm.ts';
import { isVerified, recordOf } from '../../../toolkit/ledger/ledger-edit.ts';
import type { Ledger, LedgerEntry, LedgerRelease } from '../../../toolkit/ledger/ledger.ts';

/** What the choice needs to know of a stored revision. */
export type Revision = Pick<
  ReleaseRevision,
  'revision' | 'status' | 'description' | 'chart' | 'chartVersion' | 'manifestSha256'
>;

export interface TargetRequest {
  readonly name: string;
  readonly namespace: string;
  /** Oldest first; the last one is current. */
  readonly history: readonly Revision[];
  readonly ledger: Ledger;
  /** The revision before the last deploy; undefined when that deploy did not have this release. */
  readonly revisionBefore: number | undefined;
  /** Explicit revision; undefined: the newest verified one. */
  readonly revision: number | undefined;
  readonly allowUnverified: boolean;
  /** An earlier run of this rollback began with this release and did not get to its end. */
  readonly isUnfinished: boolean;
}

export type Target =
  | {
      readonly kind: 'roll';
      readonly from: Revision;
      readonly to: Revision;
      readonly source: 'explicit' | 'verified' | 'unverified';
      /** Of the deploy that made the target; '' when the ledger does not know it. */
      readonly gitSha: string;
      /** Helm has gone there already, and what is left is to prove it. */
      readonly isApplied: boolean;
    }
  | { readonly kind: 'unchanged'; readonly at: Revision; readonly why: string }
  /** `bare`: what `helm rollback` without a revision would have done. */
  | { readonly kind: 'none'; readonly why: string; readonly bare: string };

/** Where one release goes: explicit revision, else the newest verified one, else (if allowed) an unverified one. */
export function chooseTarget(request: TargetRequest): Target {
  const current = request.history.at(-1);
  if (current === undefined) {
    return none(request, `release ${request.name} does not exist in namespace ${request.namespace}`);
  }
  if (request.revision !== undefined) return explicitTarget(request, current, request.revision);
  const settled = settledReason(request, current);
  if (settled !== undefined) return { kind: 'unchanged', at: current, why: settled };
  return verifiedTarget(request, current) ?? unverifiedTarget(request, current);
}

function explicitTarget(request: TargetRequest, current: Revision, wanted: number): Target {
  const to = request.history.find((candidate) => candidate.revision === wanted);
  if (to === undefined) {
    const known = request.history.map((candidate) => candidate.revision).join(', ');
    return none(request, `revision ${wanted} of ${request.name} is not stored; stored are ${known}`);
  }
  if (isAt(current, to) && !request.isUnfinished) {
    return { kind: 'unchanged', at: current, why: `it already has the manifest of revision ${wanted}` };
  }
  const doubt = doubtAbout(request, to);
  if (doubt !== undefined && !request.allowUnverified) {
    return none(request, `revision ${wanted} of ${request.name} ${doubt}`);
  }
  return roll(request, current, to, 'explicit');
}

/** Why nothing is to be done: it was rolled back already, or the last deploy left this release as it was. */
function settledReason(request: TargetRequest, current: Revision): string | undefined {
  const { ledger, revisionBefore } = request;
  if (current.status !== 'deployed' || isDrifted(request, current)) return undefined;
  if (!isVerified(ledger, located(request, current))) return undefined;
  const newest = ledger.entries.findLast((entry) => {
    const record = recordIn(entry, request);
    return record !== undefined && isSame(record, current);
  });
  // Undoing what a rollback did would bring back what was rolled away from.
  if (newest !== undefined && isRollback(ledger, newest)) return 'it was rolled back already';
  if (revisionBefore === undefined || current.revision > revisionBefore) return undefined;
  // What the last deploy found unverified and verified, as a promotion does with its canary, is its to undo.
  const last = ledger.entries.findLastIndex((entry) => recordIn(entry, request) !== undefined);
  const before = { ...ledger, entries: ledger.entries.slice(0, last) };
  return isVerified(before, located(request, current))
    ? 'the last deploy did not change it, and it is verified'
    : undefined;
}

function verifiedTarget(request: TargetRequest, current: Revision): Target | undefined {
  const isCurrentVerified = isVerified(request.ledger, located(request, current));
  let pruned: number | undefined;
  for (const entry of request.ledger.entries.toReversed()) {
    const record = recordIn(entry, request);
    if (record?.phase !== 'verified' || record.revision === current.revision) continue;
    // The newest record of a revision counts: a verified deploy may have been rolled away from later.
    if (!isVerified(request.ledger, record)) continue;
    const to = request.history.find((candidate) => isSame(record, candidate));
    if (to === undefined) {
      pruned ??= record.revision;
      continue;
    }
    if (!isAt(current, to) || request.isUnfinished || isDrifted(request, current))
      return roll(request, current, to, 'verified');
    if (!isCurrentVerified) {
      const why = `it already has the manifest of the verified revision ${to.revision}`;
      return { kind: 'unchanged', at: current, why };
    }
  }
  if (pruned === undefined || request.allowUnverified) return undefined;
  return none(
    request,
    `revision ${pruned} of ${request.name} was verified, but its Secret is gone (history-max) or holds another manifest`,
  );
}

function unverifiedTarget(request: TargetRequest, current: Revision): Target {
  if (!request.allowUnverified) {
    return none(request, `no revision of ${request.name} but the current one was ever verified`);
  }
  if (current.status === 'deployed' && current.description.startsWith('Rollback to')) {
    return { kind: 'unchanged', at: current, why: 'it was rolled back already' };
  }
  const to = request.history.findLast(
    (candidate) =>
      candidate.revision !== current.revision &&
      !isAt(current, candidate) &&
      doubtAbout(request, candidate) === undefined,
  );
  return to === undefined
    ? none(request, `no revision of ${request.name} is left that was deployed and not given up later`)
    : roll(request, current, to, 'unverified');
}

/** Why a revision is no good place to go to; undefined when nothing speaks against it. */
function doubtAbout(request: TargetRequest, revision: Revision): string | undefined {
  const phase = recordOf(request.ledger, located(request, revision))?.phase;
  if (phase === 'verified') return undefined;
  if (phase === 'failed' || phase === 'bad' || phase === 'rolled-back') return `is recorded as ${phase}`;
  if (revision.status !== 'deployed' && revision.status !== 'superseded') return `is ${revision.status}`;
  // A rollback, and a failed one too, marks what it goes away from `superseded`: the next revision tells.
  const next = request.history.find((candidate) => candidate.revision > revision.revision);
  return next?.description.startsWith('Rollback ') === true ? 'was rolled away from' : undefined;
}

function roll(
  request: TargetRequest,
  from: Revision,
  to: Revision,
  source: 'explicit' | 'verified' | 'unverified',
): Target {
  const entry = request.ledger.entries.findLast((candidate) => {
    const record = recordIn(candidate, request);
    return record !== undefined && isSame(record, to);
  });
  const isApplied = isAt(from, to) && request.isUnfinished;
  return { kind: 'roll', from, to, source, gitSha: entry?.gitSha ?? '', isApplied };
}

function none(request: TargetRequest, why: string): Target {
  return { kind: 'none', why, bare: bareRollback(request) };
}

/** In words: what `helm rollback RELEASE` would have hit. */
export function bareRollback(request: TargetRequest): string {
  const current = request.history.at(-1);
  const hit = request.history.findLast((candidate) => candidate.revision < (current?.revision ?? 0));
  if (hit === undefined) return `a bare \`helm rollback ${request.name}\` would have failed`;
  const doubt = doubtAbout(request, hit);
  const verified = isVerified(request.ledger, located(request, hit)) ? 'verified' : 'never verified';
  return `a bare \`helm rollback ${request.name}\` would have gone to revision ${hit.revision} (${hit.status}, ${hit.chart}-${hit.chartVersion}, ${doubt === undefined ? verified : `which ${doubt}`})`;
}

/** A rollback writes an entry of its own under the id of its plan. */
export function isRollback(ledger: Ledger, entry: LedgerEntry): boolean {
  return ledger.plans.some((plan) => plan.id === entry.id);
}

function recordIn(entry: LedgerEntry, { name, namespace }: TargetRequest): LedgerRelease | undefined {
  return entry.releases.find((release) => release.name === name && release.namespace === namespace);
}

function isDrifted(request: TargetRequest, revision: Revision): boolean {
  return recordOf(request.ledger, located(request, revision))?.drifted === true;
}

function located({ name, namespace }: TargetRequest, { revision, manifestSha256 }: Revision) {
  return { name, namespace, revision, manifestSha256 };
}

function isSame(record: LedgerRelease, revision: Revision): boolean {
  return record.revision === revision.revision && record.manifestSha256 === revision.manifestSha256;
}

/** The current revision is in place and holds the very manifest. */
function isAt(current: Revision, to: Revision): boolean {
  return current.status === 'deployed' && current.manifestSha256 === to.manifestSha256;
}

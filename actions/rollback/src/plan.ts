import type { ErrorCode } from '../../../toolkit/action/errors.ts';
import type { LedgerEntry, RollbackPlan } from '../../../toolkit/ledger/ledger.ts';
import type { Risk } from '../../../toolkit/manifests/risk.ts';
import { adviceFor, blockingRisks, type Policy } from './guards.ts';
import type { ScopedRelease } from './scope.ts';
import type { Target } from './target.ts';

/** One release with everything the decision needs. */
export interface Candidate {
  readonly release: ScopedRelease;
  readonly target: Target;
  /** Of going from the current revision to the target. */
  readonly risks: readonly Risk[];
  /** Its workloads all hold data. */
  readonly holdsOnlyData: boolean;
  /** It has no revision but those of the deploy that is rolled away from. */
  readonly isNew: boolean;
  /** Nothing of it is stored: the deploy that is rolled away from removed it. */
  readonly isGone: boolean;
}

type Roll = Extract<Target, { kind: 'roll' }>;

export interface Step {
  readonly release: ScopedRelease;
  readonly target: Roll;
  /** Worth knowing, and allowed. */
  readonly risks: readonly Risk[];
}

export interface Held {
  readonly release: ScopedRelease;
  readonly why: string;
  /** Set when holding it back leaves something undone that someone must see to. */
  readonly code?: ErrorCode;
}

export interface Unchanged {
  readonly release: ScopedRelease;
  readonly why: string;
}

export type Decision =
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string; readonly hint: string }
  | { readonly kind: 'nothing'; readonly why: string; readonly unchanged: readonly Unchanged[] }
  | {
      readonly kind: 'go';
      /** In the order of the rollback. */
      readonly steps: readonly Step[];
      readonly held: readonly Held[];
      readonly unchanged: readonly Unchanged[];
    };

/** What to do about all releases in scope; one that cannot go back safely stops all, before anything changes. */
export function decide(
  candidates: readonly Candidate[],
  policy: Policy & { readonly isWholeDeploy: boolean },
  namespace: string,
): Decision {
  const steps: Step[] = [];
  const held: Held[] = [];
  const unchanged: Unchanged[] = [];
  const several = candidates.length > 1 && policy.isWholeDeploy;
  for (const { release, target, risks, holdsOnlyData, isNew, isGone } of candidates) {
    if (target.kind === 'unchanged') {
      unchanged.push({ release, why: target.why });
      continue;
    }
    if (target.kind === 'none') {
      if (several && isNew) {
        held.push({ release, why: 'it was installed first by this deploy and stays as it is' });
        continue;
      }
      if (several && isGone) {
        held.push({
          release,
          why: 'this deploy removed it, and no revision is left: deploy the target again',
        });
        continue;
      }
      return {
        kind: 'refused',
        code: 'E_NO_TARGET',
        message: `${target.why}; ${target.bare}`,
        hint: 'name a revision with `revision`, or allow an unverified one with `allow-unverified: true`',
      };
    }
    const blocking = blockingRisks(release.name, risks, policy);
    if (several && holdsOnlyData && !policy.allowStateful.has(release.name)) {
      const [worst] = blocking;
      held.push({
        release,
        why: worst?.message ?? 'it only holds data, and such releases stay out of a rollback of several',
        ...(worst === undefined ? {} : { code: worst.code }),
      });
      continue;
    }
    const [worst] = blocking;
    if (worst !== undefined) {
      const others = blocking.slice(1).map(({ message }) => message);
      return {
        kind: 'refused',
        code: worst.code,
        message: [`${release.name}: ${worst.message}`, ...others].join('; '),
        hint: adviceFor(release.name, worst, namespace),
      };
    }
    steps.push({ release, target, risks });
  }
  return conclude(steps, held, unchanged);
}

function conclude(steps: readonly Step[], held: readonly Held[], unchanged: readonly Unchanged[]): Decision {
  if (steps.length > 0) return { kind: 'go', steps, held, unchanged };
  const grave = held.find(({ code }) => code !== undefined);
  if (grave?.code !== undefined) {
    return {
      kind: 'refused',
      code: grave.code,
      message: `${grave.release.name}: ${grave.why}`,
      hint: `back up its data, then name the release: \`allow-stateful: ${grave.release.name}\``,
    };
  }
  const [first] = held;
  if (first !== undefined && unchanged.length === 0) {
    return {
      kind: 'refused',
      code: 'E_NO_TARGET',
      message: `${first.release.name}: ${first.why}`,
      hint: 'name the release with `release` to roll it back by itself',
    };
  }
  return { kind: 'nothing', why: unchanged[0]?.why ?? 'there is nothing to roll back', unchanged };
}

/** The same rollback always gets the same id, so that a second run finds the plan of the first and goes on with it. */
export function planId(
  entry: LedgerEntry | undefined,
  steps: readonly Step[],
  revision: number | undefined,
): string {
  const [first] = steps;
  const origin = entry?.id ?? `${first?.release.name ?? ''}-${first?.target.from.revision ?? 0}`;
  return revision === undefined ? `rollback-${origin}` : `rollback-${origin}-to-${revision}`;
}

/** The plan as the ledger keeps it; steps that an earlier run of it has done stay in it as done. */
export function makePlan(
  id: string,
  decision: Extract<Decision, { kind: 'go' }>,
  about: {
    readonly entryId: string;
    readonly reason: string;
    readonly runUrl: string;
    readonly isAutomatic: boolean;
    readonly now: string;
  },
  earlier: RollbackPlan | undefined,
): RollbackPlan {
  const todo = decision.steps.map(({ release, target }) => ({
    release: release.name,
    namespace: release.namespace,
    fromRevision: target.from.revision,
    toRevision: target.to.revision,
    toManifestSha256: target.to.manifestSha256,
    state: 'todo' as const,
    note: '',
  }));
  const held = decision.held.map(({ release, why }) => ({
    release: release.name,
    namespace: release.namespace,
    fromRevision: release.record?.revision ?? 0,
    toRevision: 0,
    toManifestSha256: '',
    state: 'held' as const,
    note: why,
  }));
  const again = new Set([...todo, ...held].map((step) => `${step.namespace}/${step.release}`));
  const done = (earlier?.steps ?? []).filter(
    (step) => step.state === 'done' && !again.has(`${step.namespace}/${step.release}`),
  );
  return {
    id,
    createdAt: earlier?.createdAt ?? about.now,
    updatedAt: about.now,
    reason: about.reason,
    runUrl: about.runUrl,
    automatic: about.isAutomatic,
    state: 'open',
    entryId: about.entryId,
    steps: [...done, ...todo, ...held],
  };
}

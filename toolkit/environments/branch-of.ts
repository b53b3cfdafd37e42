import { UserError } from '../action/errors.ts';

/** What the event says about where it comes from. */
export interface EventRef {
  /** `GITHUB_REF`. */
  readonly ref: string;
  /** `GITHUB_HEAD_REF`; empty outside pull requests. */
  readonly headRef: string;
  readonly eventName: string;
  /** The event's payload. */
  readonly event: Readonly<Record<string, unknown>>;
}

export type BranchOf =
  { readonly kind: 'branch'; readonly branch: string } | { readonly kind: 'none'; readonly reason: string };

/** Throws E_UNSAFE_EVENT for a pull request from a fork: its code must not meet the cluster's credentials. */
export function refuseForks({ event }: Pick<EventRef, 'event'>): void {
  const pull = record(event.pull_request);
  if (pull === undefined) return;
  const from = text(record(record(pull.head)?.repo)?.full_name);
  const into = text(record(record(pull.base)?.repo)?.full_name);
  if (from !== undefined && from === into) return;
  throw new UserError(
    'E_UNSAFE_EVENT',
    `the pull request comes from ${from ?? 'a deleted fork'}, and forks are not deployed`,
    'push the branch to this repository, or deploy after the merge',
  );
}

/** The branch an event speaks of. Tags, merge refs and merge queues are none. Throws as `refuseForks` does. */
export function branchOf(source: EventRef): BranchOf {
  refuseForks(source);
  const pull = record(source.event.pull_request);
  if (pull !== undefined) return branch(text(record(pull.head)?.ref) ?? source.headRef);
  if (source.headRef !== '') return branch(source.headRef);
  // A deleted branch is named by the payload only: GITHUB_REF is the default branch then.
  if (source.eventName === 'delete') {
    return source.event.ref_type === 'branch'
      ? branch(text(source.event.ref) ?? '')
      : { kind: 'none', reason: 'a tag was deleted, not a branch' };
  }
  if (source.ref.startsWith('refs/heads/gh-readonly-queue/')) {
    return { kind: 'none', reason: `${source.ref} is a merge queue's` };
  }
  if (source.ref.startsWith('refs/heads/')) return branch(source.ref.slice('refs/heads/'.length));
  return { kind: 'none', reason: `${source.ref === '' ? 'the event' : source.ref} is not a branch` };
}

function branch(name: string): BranchOf {
  return name === ''
    ? { kind: 'none', reason: 'the event names no branch' }
    : { kind: 'branch', branch: name };
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import type { Json } from '../complete.ts';
import type { GitHubState, RepositoryState } from '../state.ts';

/** One request that was let through: authenticated, allowed, valid. */
export interface Call {
  readonly state: GitHubState;
  readonly repository: RepositoryState;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly login: string;
  /** Base URL of this server. */
  readonly url: string;
  /** RFC 3339, whole seconds. */
  readonly now: () => string;
}

export interface Reply {
  readonly status: number;
  readonly body?: Json;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A page of a list: the server adds the Link header and cuts. */
export interface ListReply {
  readonly items: readonly Json[];
  /** Puts a page into its envelope, e.g. `{ total_count, check_runs }`; a bare array without it. */
  readonly wrap?: (page: readonly Json[], total: number) => Json;
}

export type Handler = (call: Call) => Reply | ListReply | Promise<Reply | ListReply>;
export type Handlers = Readonly<Record<string, Handler>>;

/** An answer GitHub gives to a request it refuses. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly Json[];

  constructor(status: number, message: string, errors: readonly Json[] = []) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found');
}

/** The item with this id, or GitHub's 404. */
export function byId<T extends { readonly id: number | string }>(
  items: readonly T[],
  id: string | undefined,
): T {
  const found = items.find((item) => String(item.id) === id);
  if (found === undefined) throw notFound();
  return found;
}

/** A text field of a body; undefined when absent or null. */
export function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

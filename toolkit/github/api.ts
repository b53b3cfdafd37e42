import { UserError } from '../action/errors.ts';
import { mapError, type Intent } from './map-error.ts';
import { createClient, type ClientOptions, type Octokit } from './octokit-client.ts';

/** What every part of the port asks with: octokit, the repository, and one way to word what goes wrong. */
export interface Api {
  readonly name: { readonly owner: string; readonly repo: string };
  readonly rest: Octokit['rest'];
  readonly paginate: Octokit['paginate'];
  /** Runs a call, ends at once when the run is cancelled, and words what goes wrong. */
  readonly ask: <T>(doing: string, permission: string, call: (intent: Intent) => Promise<T>) => Promise<T>;
}

/** A lost answer may hide that the work was done: these are not sent twice blindly. */
export const once = { request: { retries: 0 } };

/** For `repository` (`owner/name`); throws E_CONFIG when that is none. */
export function openApi(options: ClientOptions & { readonly repository: string }): Api {
  const [owner = '', repo = ''] = options.repository.split('/');
  if (owner === '' || repo === '') {
    throw new UserError(
      'E_CONFIG',
      `'${options.repository}' is no repository`,
      'set GITHUB_REPOSITORY to owner/name',
    );
  }
  const name = { owner, repo };
  const { rest, paginate } = createClient(options);

  return {
    name,
    rest,
    paginate,
    ask: async (doing, permission, call) => {
      const intent = { doing, permission };
      try {
        return await untilAborted(call(intent), options.signal);
      } catch (error) {
        if (options.signal.aborted) throw options.signal.reason;
        throw mapError(error, intent);
      }
    },
  };
}

/** The data; undefined for status 404. */
export async function orNotFound(call: Promise<{ data: unknown }>): Promise<unknown> {
  try {
    return (await call).data;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** The HTTP status of an error; 0 when it has none. */
export function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 0;
}

/** octokit's waits cannot be interrupted: the caller need not sit through them. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

import { ApiError, UserError } from '../action/errors.ts';

/** The parts of octokit's RequestError that are read here. */
interface RequestError {
  readonly status: number;
  readonly message: string;
  readonly response?: {
    readonly headers?: Readonly<Record<string, string | number | undefined>>;
    readonly data?: unknown;
  };
}

/** What was asked for, in words, and the permission of `permissions:` it needs: for messages people can act on. */
export interface Intent {
  readonly doing: string;
  readonly permission: string;
}

/** Turns what octokit throws into UserError (token, permission, limit) or ApiError. Other errors pass unchanged. */
export function mapError(error: unknown, { doing, permission }: Intent): Error {
  if (error instanceof UserError || error instanceof ApiError) return error;
  if (!isRequestError(error)) return error instanceof Error ? error : new Error(String(error));
  const { status, response } = error;
  const cause = { cause: error };
  const message = firstLine(error.message);
  const header = (name: string): string | undefined => {
    const value = response?.headers?.[name];
    return value === undefined ? undefined : String(value);
  };
  // octokit reports a request that never got an answer as 500 without a response.
  if (response === undefined) {
    return new ApiError(
      'E_GITHUB',
      `GitHub does not answer while ${doing}: ${message}`,
      { status: 0 },
      cause,
    );
  }
  if (status === 401) {
    return new UserError(
      'E_AUTH',
      `GitHub refused the token while ${doing}: ${message}`,
      'check `github-token`: it is wrong, expired or revoked',
      cause,
    );
  }
  const limited =
    status === 429 || /rate limit/i.test(error.message) || header('x-ratelimit-remaining') === '0';
  if (status === 403 && !limited) {
    const needed = neededPermission(header('x-accepted-github-permissions')) ?? permission;
    return /not accessible|must have|permission/i.test(error.message)
      ? new UserError(
          'E_GITHUB',
          `the token may not do this: ${doing} needs the permission ${needed}`,
          `add \`${needed}\` to the job's \`permissions:\``,
          cause,
        )
      : new UserError(
          'E_GITHUB',
          `GitHub refused ${doing}: ${message}`,
          "read GitHub's reason and mend it",
          cause,
        );
  }
  const text = limited
    ? `GitHub's rate limit is reached while ${doing}`
    : `GitHub failed while ${doing}: ${message}`;
  return new ApiError('E_GITHUB', text, { status, requestId: header('x-github-request-id') }, cause);
}

/** `statuses=write` (alternatives separated by `;`) → `statuses: write`, as it is written in a workflow. */
function neededPermission(accepted: string | undefined): string | undefined {
  const names = accepted
    ?.split(/[;,]/)
    .map((each) => each.trim().split('='))
    .filter((each) => each.length === 2)
    .map(([name = '', level = '']) => `${name.replaceAll('_', '-')}: ${level}`);
  return names === undefined || names.length === 0 ? undefined : names.join(' or ');
}

function isRequestError(error: unknown): error is RequestError {
  return (
    error instanceof Error &&
    error.name === 'HttpError' &&
    'status' in error &&
    typeof error.status === 'number'
  );
}

/** octokit appends the documentation's address and, for an HTML page, the whole page. */
function firstLine(message: string): string {
  const [line = ''] = message.replace(/ - https:\/\/docs\.github\.com\S*$/, '').split('\n');
  return /<html|<!doctype/i.test(line) ? 'an HTML page instead of JSON' : line.slice(0, 300);
}

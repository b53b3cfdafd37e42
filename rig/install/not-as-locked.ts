import { UserError } from '../../toolkit/action/errors.ts';

/** What was fetched is not what tools.lock promises: it is neither unpacked nor run. */
export function notAsLocked(what: string, found: string, locked: string): UserError {
  return new UserError(
    'E_TOOL',
    `${what} has the hash ${found}, tools.lock has ${locked}`,
    'do not use it; look whether the mirror or the project changed it',
  );
}

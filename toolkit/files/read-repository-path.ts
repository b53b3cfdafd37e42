import { posix } from 'node:path';
import { UserError } from '../action/errors.ts';

/** A path inside the repository, normalised (`.` for its root); E_CONFIG when it leads out. `input` is for the message. */
export function readRepositoryPath(input: string, path: string): string {
  const normal = posix.normalize(path === '' ? '.' : path).replace(/(?<=.)\/+$/, '');
  if (posix.isAbsolute(normal) || normal === '..' || normal.startsWith('../') || normal.includes('\0')) {
    throw new UserError(
      'E_CONFIG',
      `input '${input}' is '${path}', expected a path inside the repository`,
      `correct '${input}' under 'with:' of the step`,
    );
  }
  return normal;
}

import { UserError } from '../../../toolkit/action/errors.ts';
import type { ChangedFile } from '../../../toolkit/git/changed-files.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { listFiles } from '../../../toolkit/git/list-files.ts';
import type { Inputs } from './inputs.ts';
import { isInside, nameIn } from '../../../toolkit/files/repository-path.ts';
import type { Tree } from './linters/linter.ts';
import { linters } from './linters/table.ts';
import type { Scope } from './plan.ts';

const lockfiles =
  /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|\.pnp\.[cm]?js)$/;

/** The files of the checkout that this run looks at. */
export async function observeTree(git: Git, inputs: Inputs, scope: Scope): Promise<Tree> {
  const { workingDirectory } = inputs;
  const allFiles = (await listFiles(git)).filter((file) => isInside(file, workingDirectory));
  if (allFiles.length === 0 && workingDirectory !== '.') {
    throw new UserError(
      'E_CONFIG',
      `input 'working-directory' is '${workingDirectory}', a folder without tracked files`,
      "correct 'working-directory' under 'with:' of the step",
    );
  }
  const common = { root: git.dir, allFiles, workingDirectory };
  const { change } = scope;
  if (scope.files === 'all' || change.kind === 'unknown' || changesRules(change.files)) {
    return { ...common, files: allFiles, whole: true };
  }
  const changed = new Set(change.files.filter((file) => file.status !== 'deleted').map((file) => file.path));
  return { ...common, files: allFiles.filter((file) => changed.has(file)), whole: false };
}

/** A changed configuration, lockfile or plugin judges files anew that did not change themselves. */
function changesRules(files: readonly ChangedFile[]): boolean {
  return files.some((file) =>
    [file.path, file.from ?? file.path].some((path) => {
      const name = nameIn(path);
      return (
        lockfiles.test(name) ||
        /(^|\/)eslint-(plugin|rules|config)[^/]*\//.test(path) ||
        linters.some((linter) => linter.configuration.test(name))
      );
    }),
  );
}

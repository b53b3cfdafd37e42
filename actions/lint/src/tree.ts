import { UserError } from '../../../toolkit/action/errors.ts';
import type { ChangedFile } from '../../../toolkit/git/changed-files.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { listFiles } from '../../../toolkit/git/list-files.ts';
import { isConfiguration, isLockfile, isOwnRule } from './configuration-files.ts';
import { configurationImports } from './configuration-imports.ts';
import type { Inputs } from './inputs.ts';
import { folderOf, isInside, upwards } from '../../../toolkit/files/repository-path.ts';
import { readText } from './lint-tools.ts';
import type { Tree } from './linters/linter.ts';
import type { Scope } from './plan.ts';

/** The files of the checkout that this run looks at. */
export async function observeTree(git: Git, inputs: Inputs, scope: Scope): Promise<Tree> {
  const { workingDirectory } = inputs;
  const listed = await listFiles(git);
  const allFiles = listed.filter((file) => isInside(file, workingDirectory));
  if (allFiles.length === 0 && workingDirectory !== '.') {
    throw new UserError(
      'E_CONFIG',
      `input 'working-directory' is '${workingDirectory}', a folder without tracked files`,
      "correct 'working-directory' under 'with:' of the step",
    );
  }
  const common = {
    root: git.dir,
    allFiles,
    outerFiles: outerFiles(listed, workingDirectory),
    workingDirectory,
  };
  const { change } = scope;
  // Of the whole repository: a package's configuration may import from beside its folder.
  const imports = (): ReadonlySet<string> =>
    configurationImports(listed.filter(isConfiguration), (path) => readText(git.dir, path));
  if (scope.files === 'all' || change.kind === 'unknown' || changesRules(change.files, imports)) {
    return { ...common, files: allFiles, whole: true };
  }
  const changed = new Set(change.files.filter((file) => file.status !== 'deleted').map((file) => file.path));
  return { ...common, files: allFiles.filter((file) => changed.has(file)), whole: false };
}

/** Files directly in a folder above `dir`. */
export function outerFiles(files: readonly string[], dir: string): string[] {
  const outer = upwards(dir).slice(1);
  return files.filter((file) => outer.includes(folderOf(file)));
}

/** A changed configuration, what it imports, lockfile or plugin judges files anew that did not change themselves. */
function changesRules(files: readonly ChangedFile[], imports: () => ReadonlySet<string>): boolean {
  const paths = files.flatMap((file) => [file.path, file.from ?? file.path]);
  if (paths.some((path) => isLockfile(path) || isOwnRule(path) || isConfiguration(path))) return true;
  const imported = imports();
  return paths.some((path) => imported.has(path));
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInside, nameIn } from '../../../toolkit/files/repository-path.ts';
import { configurationImports } from './configuration-imports.ts';
import { readText } from './lint-tools.ts';
import type { Tree } from './linters/linter.ts';
import { linters } from './linters/table.ts';

const lockfile =
  /^(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|\.pnp\.[cm]?js)$/;

/** Python's, and the lists of requirements that serve as such. */
const pythonLockfile =
  /^((poetry|uv|pdm)\.lock|Pipfile(\.lock)?|pylock(\..+)?\.toml|(.+[-_.])?requirements([-_.].+)?\.txt)$/;

/** Whether a file is a package manager's lockfile: another one means other rules. */
export function isLockfile(path: string): boolean {
  const name = nameIn(path);
  return lockfile.test(name) || pythonLockfile.test(name) || /(^|\/)requirements\/[^/]+\.txt$/.test(path);
}

/** Whether a file is a configuration of some linter, by its name or its folder. */
export function isConfiguration(path: string): boolean {
  return linters.some(
    ({ configuration, configurationFolder: folder }) =>
      configuration.test(nameIn(path)) || (folder !== undefined && isInside(path, folder)),
  );
}

/** Whether a file hides findings by their number. */
export function isHiding(path: string): boolean {
  return linters.some((linter) => linter.hides?.test(nameIn(path)) === true);
}

/** Whether a file is one of a plugin or shared configuration that the repository holds itself. */
export function isOwnRule(path: string): boolean {
  return /(^|\/)eslint-(plugin|rules|config)[^/]*\//.test(path);
}

/** The configurations among these files, and what they import of them. */
export function configurationOf(root: string, files: readonly string[]): string[] {
  const configurations = files.filter(isConfiguration);
  const imports = configurationImports(configurations, (path) => readText(root, path));
  return files.filter((file) => isConfiguration(file) || imports.has(file));
}

/** A digest of everything that decides what the linters find, besides the files they look at. */
export function digestRules(tree: Pick<Tree, 'root' | 'allFiles' | 'workingDirectory'>): string {
  const hash = createHash('sha256').update(JSON.stringify([tree.workingDirectory, process.version]));
  const configurations = new Set(configurationOf(tree.root, tree.allFiles));
  const files = tree.allFiles.filter(
    (file) => configurations.has(file) || isLockfile(file) || isOwnRule(file) || isHiding(file),
  );
  for (const file of [...files].sort()) {
    const content = createHash('sha256')
      .update(readFileSync(join(tree.root, file)))
      .digest('hex');
    hash.update(JSON.stringify([file, content]));
  }
  return hash.digest('hex');
}

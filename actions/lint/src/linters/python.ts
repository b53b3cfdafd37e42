import { join } from 'node:path';
import { nameIn } from '../../../../toolkit/files/repository-path.ts';
import type { LintTools, Tree } from './linter.ts';

/** Python sources; notebooks are left to those who ask for them. */
export function pythonFiles(tree: Tree): string[] {
  return tree.files.filter((file) => /\.pyi?$/.test(file));
}

/** Whether some pyproject.toml of the tree has the table `[tool.NAME]` or one below it. */
export function inPyproject(tree: Tree, tools: LintTools, table: string): boolean {
  const header = new RegExp(`^\\s*\\[tool\\.${table.replaceAll('.', '\\.')}[\\].]`, 'm');
  return tree.allFiles
    .filter((file) => nameIn(file) === 'pyproject.toml')
    .some((file) => header.test(tools.readText(join(tree.root, file)) ?? ''));
}

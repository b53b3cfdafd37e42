import { join } from 'node:path';
import { folderOf, isInside, nameIn, upwards } from '../../../../../toolkit/files/repository-path.ts';
import type { LintTools, Tree } from '../linter.ts';

const flat = /^eslint\.config\.(js|mjs|cjs|ts|mts|cts)$/;
const legacy = /^\.eslintrc(\.(js|cjs|yaml|yml|json))?$/;

/** Folders with a configuration. Old-style ones add up from folder to folder, so only those marked as root count. */
export function configFolders(tree: Tree, tools: LintTools): string[] {
  const flatDirs = tree.allFiles.filter((file) => flat.test(nameIn(file))).map(folderOf);
  const legacyFiles = tree.allFiles.filter((file) => isLegacy(tree, file, tools));
  const legacyDirs = legacyFiles.map(folderOf);
  const roots = legacyFiles
    .filter((file) => {
      const dir = folderOf(file);
      const parent = legacyDirs.some(
        (other) => other !== dir && (other === '.' || dir.startsWith(`${other}/`)),
      );
      return !parent || /["']?\broot["']?\s*:\s*true/.test(tools.readText(join(tree.root, file)) ?? '');
    })
    .map(folderOf);
  return [...new Set([...flatDirs, ...roots])];
}

/** The style of the nearest configuration of a folder or above it; a flat one goes first where both are. */
export function styleOf(tree: Tree, dir: string, tools: LintTools): 'flat' | 'legacy' {
  const files = [...tree.allFiles, ...(tree.outerFiles ?? [])];
  for (const folder of upwards(dir)) {
    const here = files.filter((file) => folderOf(file) === folder);
    if (here.some((file) => flat.test(nameIn(file)))) return 'flat';
    if (here.some((file) => isLegacy(tree, file, tools))) return 'legacy';
  }
  return 'flat';
}

export function isConfigured(tree: Tree, file: string, tools: LintTools): boolean {
  return flat.test(nameIn(file)) || isLegacy(tree, file, tools);
}

/** A file of the old style, or a package.json with the key `eslintConfig`. */
function isLegacy(tree: Tree, file: string, tools: LintTools): boolean {
  if (nameIn(file) !== 'package.json') return legacy.test(nameIn(file));
  const manifest = tools.readJson(join(tree.root, file));
  return typeof manifest === 'object' && manifest !== null && 'eslintConfig' in manifest;
}

/** A configuration itself may be ignored while what it is for is not. */
export function isSource(file: string, dir: string): boolean {
  return isInside(file, dir) && !flat.test(nameIn(file)) && !legacy.test(nameIn(file));
}

/** The configuration of a style directly in a folder. */
export function configFile(
  tree: Tree,
  dir: string,
  style: 'flat' | 'legacy',
  tools: LintTools,
): string | undefined {
  return tree.allFiles.find(
    (file) =>
      folderOf(file) === dir && (style === 'flat' ? flat.test(nameIn(file)) : isLegacy(tree, file, tools)),
  );
}

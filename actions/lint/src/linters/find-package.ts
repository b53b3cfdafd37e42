import { join } from 'node:path';
import { upwards } from '../../../../toolkit/files/repository-path.ts';
import type { LintTools } from './linter.ts';

export interface Installed {
  /** Folder of the package. */
  readonly dir: string;
  readonly version: string;
  /** Node options that the repository's package manager needs. */
  readonly nodeArgs: readonly string[];
}

/** The package as Node would find it from `dir` of the tree, never from above the tree. */
export function findPackage(
  name: string,
  root: string,
  dir: string,
  tools: LintTools,
): Installed | undefined {
  for (const folder of upwards(dir)) {
    const candidate = join(root, folder, 'node_modules', name);
    const manifest = tools.readJson(join(candidate, 'package.json'));
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
      return { dir: candidate, version: String(manifest.version), nodeArgs: [] };
    }
  }
  return undefined;
}

/** What to tell someone whose repository has the configuration but not the tool. */
export function notInstalled(name: string): string {
  return `${name} is not installed here: run \`npm ci\` before this step, or set '${name}-version'`;
}

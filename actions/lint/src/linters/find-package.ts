import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { upwards } from '../../../../toolkit/files/repository-path.ts';
import type { LintTools } from './linter.ts';

export interface Installed {
  /** Folder of the package. */
  readonly dir: string;
  readonly version: string;
  /** Node options that the repository's package manager needs. */
  readonly nodeArgs: readonly string[];
}

/**
 * The package as Node would find it from `dir` of the tree, never from above the tree: `node_modules`, then Plug'n'Play,
 * then the exact version that was asked for by input, installed aside. Undefined when there is none.
 */
export async function findPackage(
  name: string,
  root: string,
  dir: string,
  tools: LintTools,
): Promise<Installed | undefined> {
  for (const folder of upwards(dir)) {
    const found = readInstalled(join(root, folder, 'node_modules', name), [], tools);
    if (found !== undefined) return found;
  }
  return (await findInPlugAndPlay(name, root, dir, tools)) ?? installAside(name, tools);
}

/** What to tell someone whose repository has the configuration but not the tool. */
export function notInstalled(name: string): string {
  const or = name === 'eslint' || name === 'prettier' ? `, or set '${name}-version'` : '';
  return `${name} is not installed here: run \`npm ci\` before this step${or}`;
}

function readInstalled(dir: string, nodeArgs: readonly string[], tools: LintTools): Installed | undefined {
  const manifest = tools.readJson(join(dir, 'package.json'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return undefined;
  return { dir, version: String(manifest.version), nodeArgs };
}

/** Packages of Plug'n'Play lie in archives that only a Node with its hook can see: one is asked. */
async function findInPlugAndPlay(
  name: string,
  root: string,
  dir: string,
  tools: LintTools,
): Promise<Installed | undefined> {
  const home = upwards(dir).find((folder) => tools.exists(join(root, folder, '.pnp.cjs')));
  if (home === undefined) return undefined;
  const loader = join(root, home, '.pnp.loader.mjs');
  const nodeArgs = [
    '--require',
    join(root, home, '.pnp.cjs'),
    ...(tools.exists(loader) ? ['--no-warnings', '--experimental-loader', pathToFileURL(loader).href] : []),
  ];
  const output = tools.scratch('pnp.json');
  const script = `const load = require('node:module').createRequire(process.argv[1]);
    const path = load.resolve(process.argv[2] + '/package.json');
    require('node:fs').writeFileSync(process.argv[3], JSON.stringify({ path, version: load(path).version }));`;
  const from = join(root, dir, 'package.json');
  await tools.run([process.execPath, ...nodeArgs, '-e', script, '--', from, name, output], {
    cwd: join(root, dir),
  });
  const answer = tools.readJson(output);
  if (typeof answer !== 'object' || answer === null || !('path' in answer) || !('version' in answer))
    return undefined;
  return { dir: join(String(answer.path), '..'), version: String(answer.version), nodeArgs };
}

async function installAside(name: string, tools: LintTools): Promise<Installed | undefined> {
  const version = tools.wanted[name] ?? '';
  if (version === '') return undefined;
  return readInstalled(await tools.installAside(name, version), [], tools);
}

import { constants, cp, mkdir, rm, symlink } from 'node:fs/promises';
import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Baseline } from '../../../toolkit/findings/baseline.ts';
import { nameOf, type ToolResult } from '../../../toolkit/findings/tool-result.ts';
import { renames } from '../../../toolkit/git/change.ts';
import type { Git } from '../../../toolkit/git/git.ts';
import { withWorktree } from '../../../toolkit/git/worktree.ts';
import { cachedBaseline } from './cache/cached-baseline.ts';
import type { ResultCache } from './cache/result-cache.ts';
import { configurationOf, isConfiguration, isHiding } from './configuration-files.ts';
import type { Inputs } from './inputs.ts';
import { folderOf, nameIn } from '../../../toolkit/files/repository-path.ts';
import { readText } from './lint-tools.ts';
import type { Tree } from './linters/linter.ts';
import { onlyOldLines } from './only-old-lines.ts';
import { observe, type Observation, type ObservePorts } from './observe.ts';
import type { Scope } from './plan.ts';
import type { WorkFolders } from '../../../toolkit/findings/work-folders.ts';

type BaselinePorts = ObservePorts & {
  readonly git: Git;
  readonly folders: Pick<WorkFolders, 'scratch' | 'worktree'>;
  readonly results: ResultCache | undefined;
};

/**
 * The findings of the merge base, made by the same tools with today's configuration. Only files with findings today
 * are linted there: the others cannot have old ones. What cannot be linted there leaves its findings new.
 */
export async function observeBaseline(
  head: Observation,
  tree: Tree,
  scope: Scope,
  inputs: Inputs,
  ports: BaselinePorts,
): Promise<Baseline> {
  if (!scope.newOnly || scope.change.kind === 'unknown') {
    return { kind: 'none', reason: 'every finding counts, old or new' };
  }
  if (!scope.hasBase) {
    return {
      kind: 'none',
      reason: 'the merge base cannot be fetched, so findings in changed files count as new',
    };
  }
  const { base, files } = scope.change;
  const pathNow = renames(files);
  if (head.findings.length === 0) return { kind: 'compared', base, findings: [] };
  const wanted = new Set(head.findings.map((item) => item.finding.location.path));
  const cached =
    ports.results === undefined
      ? undefined
      : await cachedBaseline(head, tree, { base, paths: wanted, pathNow }, ports.git, ports.results);
  if (cached !== undefined) {
    ports.log.info(`what ${base} had is known from an earlier run`);
    return { kind: 'compared', base, findings: cached };
  }
  return withWorktree(ports.git, base, ports.folders.worktree, async (dir) => {
    const listed = await ports.git.run('ls-tree', '-r', '-z', '--name-only', base);
    const baseFiles = listed.split('\0').filter((file) => file !== '' && existsSync(join(dir, file)));
    const brought = await bringConfiguration(tree, baseFiles, dir);
    const allFiles = [
      ...new Set([
        ...baseFiles.filter((file) => existsSync(join(dir, file))),
        ...configurationOf(tree.root, tree.allFiles),
      ]),
    ];
    const baseTree: Tree = {
      ...tree,
      root: dir,
      allFiles,
      files: baseFiles.filter((file) => wanted.has(pathNow(file))),
      whole: false,
    };
    const observed = await observe(baseTree, withSameLinters(head, inputs), ports, pathNow);
    for (const result of observed.results) reportBroken(result, ports);
    const today = (path: string): string | undefined => readText(tree.root, path);
    return { kind: 'compared', base, findings: onlyOldLines(observed.findings, brought, today) };
  });
}

/** The base may lack a configuration by which `auto` found a linter today. */
function withSameLinters(head: Observation, inputs: Inputs): Inputs {
  return { ...inputs, linters: [...new Set(head.results.map((result) => result.tool))] };
}

function reportBroken(result: ToolResult, { log }: Pick<BaselinePorts, 'log'>): void {
  if (result.status !== 'tool-error') return;
  log.warning(
    `${nameOf(result)} does not run on the merge base (${result.message}): its findings there are unknown, so today's count as new`,
  );
}

/** Puts today's configuration and installed packages into the work tree of the base; gives what the base itself had. */
async function bringConfiguration(
  tree: Tree,
  baseFiles: readonly string[],
  dir: string,
): Promise<ReadonlyMap<string, string>> {
  const today = new Set(configurationOf(tree.root, tree.allFiles).filter((file) => !isHiding(file)));
  for (const file of baseFiles.filter(isConfiguration))
    if (!today.has(file)) rmSync(join(dir, file), { force: true });
  const before = new Map([...today].map((file) => [file, readText(dir, file) ?? '']));
  for (const file of today) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    await cp(join(tree.root, file), join(dir, file), { force: true });
  }
  for (const name of ['.pnp.cjs', '.pnp.loader.mjs']) {
    if (existsSync(join(tree.root, name))) await cp(join(tree.root, name), join(dir, name), { force: true });
  }
  if (existsSync(join(tree.root, '.pnp.cjs')) && existsSync(join(tree.root, '.yarn'))) {
    await rm(join(dir, '.yarn'), { recursive: true, force: true });
    // Plug'n'Play resolves links away and then calls the packages foreign: they are copied (cloned where possible).
    await cp(join(tree.root, '.yarn'), join(dir, '.yarn'), {
      recursive: true,
      mode: constants.COPYFILE_FICLONE,
    });
  }
  const folders = new Set([
    '.',
    ...tree.allFiles.filter((file) => nameIn(file) === 'package.json').map(folderOf),
  ]);
  for (const folder of folders) {
    const modules = join(tree.root, folder, 'node_modules');
    const link = join(dir, folder, 'node_modules');
    if (!existsSync(modules) || existsSync(link)) continue;
    await mkdir(dirname(link), { recursive: true });
    await symlink(modules, link, 'dir');
  }
  return before;
}

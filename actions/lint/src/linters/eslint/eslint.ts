import { join } from 'node:path';
import { findPackage, notInstalled, type Installed } from '../find-package.ts';
import { below, folderOf, isInside, nameIn } from '../../../../../toolkit/files/repository-path.ts';
import { chunk, groupByFolder, type Group } from '../groups.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import { endedBy, lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import { askIgnored } from './ask-ignored.ts';
import { configFile, configFolders, isConfigured, isSource, styleOf } from './configurations.ts';
import { major, readEslintReports } from './read-report.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';

/** A suppressions file that holds too much makes exit code 2 of a run that is clean otherwise. */
const unprunedSuppressions = 'suppressions left that do not occur anymore';

/** ESLint of the repository's own install: 9 and 10 with flat configuration, 8 (and 9) with the old one. */
export const eslint: Linter = {
  name: 'eslint',
  configuration:
    /^(eslint\.config\..+|\.eslintrc.*|\.eslintignore|eslint-suppressions\.json|package\.json|tsconfig.*\.json)$/,
  hides: /^eslint-suppressions\.json$/,
  detects: (tree, tools) => configFolders(tree, tools).length > 0,
  tasks: (tree, tools) => {
    const dirs = configFolders(tree, tools);
    // ESLint looks upwards for a configuration by itself.
    const isOuter =
      dirs.length === 0 || (tree.outerFiles ?? []).some((file) => isConfigured(tree, file, tools));
    const groups = groupByFolder(tree.files, isOuter ? [...dirs, tree.workingDirectory] : dirs);
    const ignoredBy = ignoringFolder(tree, dirs, tools);
    return groups.map((group) => task(tree, group, tools, ignoredBy));
  },
};

/** Gives the folder above whose configuration ignores everything in `dir`, as ESLint started there would. */
function ignoringFolder(
  tree: Tree,
  dirs: readonly string[],
  tools: LintTools,
): (dir: string) => Promise<string | undefined> {
  const asked = new Map<string, Promise<ReadonlySet<string>>>();
  const ask = async (above: string): Promise<ReadonlySet<string>> => {
    const style = styleOf(tree, above, tools);
    const file = configFile(tree, above, style, tools);
    const installed = await findPackage('eslint', tree.root, above, tools);
    if (file === undefined || installed === undefined) return new Set();
    const inside = dirs.filter((dir) => dir !== above && isInside(dir, above));
    const folders = Object.fromEntries(
      inside.map((dir) => [
        dir,
        tree.allFiles.filter((each) => isSource(each, dir)).map((each) => below(each, above)),
      ]),
    );
    const env = environment({ installed, style });
    return askIgnored(
      { root: tree.root, dir: above, file: nameIn(file), style, installed, env },
      folders,
      tools,
    );
  };
  return async (dir) => {
    for (const above of dirs.filter((other) => other !== dir && isInside(dir, other))) {
      const answer = asked.get(above) ?? ask(above);
      asked.set(above, answer);
      if ((await answer).has(dir)) return above;
    }
    return undefined;
  };
}

function task(
  tree: Tree,
  group: Group,
  tools: LintTools,
  ignoredBy: (dir: string) => Promise<string | undefined>,
): Task {
  const named = { tool: 'eslint', target: group.dir };
  return {
    ...named,
    run: async (): Promise<readonly ToolResult[]> => {
      const above = group.files.length === 0 ? undefined : await ignoredBy(group.dir);
      if (above !== undefined) {
        const whose = above === '.' ? 'the root' : above;
        const reason = `the configuration of ${whose} ignores this folder; a step with \`working-directory\` there lints it`;
        return [{ ...named, status: 'skipped', reason }];
      }
      const installed = await findPackage('eslint', tree.root, group.dir, tools);
      if (installed === undefined) {
        return [{ ...named, status: 'tool-error', message: notInstalled('eslint'), detail: '' }];
      }
      return [await lintGroup({ tree, group, tools, installed, style: styleOf(tree, group.dir, tools) })];
    },
  };
}

interface GroupCall {
  readonly tree: Tree;
  readonly group: Group;
  readonly tools: LintTools;
  readonly installed: Installed;
  readonly style: 'flat' | 'legacy';
}

async function lintGroup(call: GroupCall): Promise<ToolResult> {
  const { tree, group, tools, installed } = call;
  const named = { tool: 'eslint', target: group.dir };
  // The old style lints whatever it is handed, whether configured or not: there the folder is linted and then sifted.
  const byFolder = tree.whole || call.style === 'legacy';
  if (group.files.length === 0) {
    return { ...named, status: 'ran', version: installed.version, findings: [], notes: ['No file to lint.'] };
  }
  const files = group.files.map((file) => `./${below(file, group.dir)}`);
  const calls = byFolder ? [['.']] : chunk(files);
  const reports: string[] = [];
  const output: string[] = [];
  const notes = new Set<string>();
  for (const args of calls) {
    const outputFile = tools.scratch('eslint.json');
    const result = await tools.run([...argv(call, byFolder, outputFile), '--', ...args], {
      cwd: join(tree.root, group.dir),
      env: environment(call),
    });
    const report = tools.readText(outputFile);
    output.push(`${result.stdout}\n${result.stderr}`);
    if (result.ended !== 'by-itself') {
      return { ...named, status: 'tool-error', message: endedBy(result.ended), detail: lastLines(output) };
    }
    const isStale = result.code === 2 && result.stderr.includes(unprunedSuppressions);
    if (isStale) notes.add('Suppressions are left that nothing needs: run `eslint --prune-suppressions`.');
    if (report === undefined || (result.code !== 0 && result.code !== 1 && !isStale)) {
      return {
        ...named,
        status: 'tool-error',
        message: firstError(output, result.code),
        detail: lastLines(output),
      };
    }
    reports.push(report);
  }
  const wanted = byFolder && !tree.whole ? new Set(group.files) : undefined;
  const read = readEslintReports(reports, { ...named, version: installed.version, root: tree.root, wanted });
  return read.status === 'ran' ? { ...read, notes: [...notes] } : read;
}

function argv(call: GroupCall, byFolder: boolean, outputFile: string): [string, ...string[]] {
  const { installed, group, style, tree } = call;
  return [
    process.execPath,
    ...installed.nodeArgs,
    join(installed.dir, 'bin/eslint.js'),
    '--format=json-with-metadata',
    `--output-file=${outputFile}`,
    '--no-error-on-unmatched-pattern',
    '--no-color',
    ...(style === 'flat' ? ['--no-warn-ignored'] : legacyIgnore(tree, group)),
    ...(byFolder
      ? group.nested.map((dir) => `--ignore-pattern=${folderPattern(below(dir, group.dir), style)}`)
      : []),
  ];
}

/** ESLint 8 reads `.eslintignore` in its working folder only; a group below the root still means the root's. */
function legacyIgnore(tree: Tree, group: Group): string[] {
  for (let dir = group.dir; ; dir = folderOf(dir)) {
    const file = dir === '.' ? '.eslintignore' : `${dir}/.eslintignore`;
    if (tree.allFiles.includes(file) || tree.outerFiles?.includes(file) === true)
      return [`--ignore-path=${join(tree.root, file)}`];
    if (dir === '.') return [];
  }
}

function environment({ installed, style }: Pick<GroupCall, 'installed' | 'style'>): Record<string, string> {
  // ESLint 8 takes a flat configuration of any folder above for its own.
  if (style === 'legacy') return { ESLINT_USE_FLAT_CONFIG: 'false' };
  if (major(installed.version) === 8) return { ESLINT_USE_FLAT_CONFIG: 'true' };
  return {};
}

/** The old style would enter a folder whose content alone is ignored, and read the configuration there. */
function folderPattern(dir: string, style: GroupCall['style']): string {
  return style === 'flat' ? `${escapeGlob(dir)}/**` : `/${escapeGlob(dir)}/`;
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[\\*?[\]{}()!+@]/g, '\\$&');
}

/** The line that says what happened: ESLint prints a banner first. */
function firstError(output: readonly string[], code: number | null): string {
  const lines = output
    .join('\n')
    .split('\n')
    .map((line) => line.trim());
  const line =
    lines.find(
      (text) =>
        /^(\w*Error\b|Error:|ESLint couldn't|Invalid|No files|All files|You are linting|Cannot|Oops)/.test(
          text,
        ) && !text.startsWith('Oops'),
    ) ?? lines.find((text) => text !== '');
  return `${line ?? 'no report'} (exit code ${code ?? 'none'})`.slice(0, 400);
}

import { join } from 'node:path';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { Broke, ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { findPackage, notInstalled, type Installed } from '../find-package.ts';
import { above, below, folderOf, nameIn, upwards } from '../../../../../toolkit/files/repository-path.ts';
import { groupByFolder, type Group } from '../groups.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import type { Task } from '../../../../../toolkit/findings/run-tasks.ts';
import { endedBy, lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import { hunkFindings } from '../hunk-findings.ts';
import { formatScript, type FormatLine, type FormatRequest } from './format-script.ts';
import { diffLines } from './line-diff.ts';

const configuration = /^(\.prettierrc(\..+)?|prettier\.config\.(js|mjs|cjs|ts|mts|cts)|\.prettierignore)$/;

/** Prettier 3 of the repository's own install: one finding for each part that it would write differently. */
export const prettier: Linter = {
  name: 'prettier',
  configuration: /^(\.prettierrc.*|prettier\.config\..+|\.prettierignore|\.editorconfig|package\.json)$/,
  detects: (tree) => tree.allFiles.some((file) => configuration.test(nameIn(file))),
  tasks: (tree, tools) => {
    const groups = groupByFolder(tree.files, installFolders(tree, tools));
    return groups.map((group) => task(tree, group, tools));
  },
};

/** Folders whose files are formatted by one Prettier: those where it is installed. */
function installFolders(tree: Tree, tools: LintTools): string[] {
  const packages = tree.allFiles.filter((file) => nameIn(file) === 'package.json').map(folderOf);
  const own = packages.filter((dir) =>
    tools.exists(join(tree.root, dir, 'node_modules/prettier/package.json')),
  );
  const covered = upwards(tree.workingDirectory).some((dir) => own.includes(dir));
  return covered ? own : [...own, tree.workingDirectory];
}

function task(tree: Tree, group: Group, tools: LintTools): Task {
  const named = { tool: 'prettier', target: group.dir };
  return {
    ...named,
    run: async (): Promise<readonly ToolResult[]> => {
      const installed = await findPackage('prettier', tree.root, group.dir, tools);
      if (installed === undefined) {
        return [{ ...named, status: 'tool-error', message: notInstalled('prettier'), detail: '' }];
      }
      return formatGroup(tree, group, installed, tools);
    },
  };
}

async function formatGroup(
  tree: Tree,
  group: Group,
  installed: Installed,
  tools: LintTools,
): Promise<readonly ToolResult[]> {
  const named = { tool: 'prettier', target: group.dir };
  const output = tools.scratch('prettier.jsonl');
  const request: FormatRequest = {
    prettier: installed.dir,
    files: group.files.map((file) => below(file, group.dir)),
    output,
    // A package with a Prettier of its own is still part of the repository, and what its root says holds there too.
    ignoreFiles: upwards(group.dir).flatMap((dir) =>
      ['.gitignore', '.prettierignore'].map((name) => join(tree.root, dir, name)),
    ),
    known: tools.keep('prettier.json'),
  };
  const result = await tools.run(
    [process.execPath, ...installed.nodeArgs, '--input-type=commonjs', '-e', formatScript],
    { cwd: join(tree.root, group.dir), input: JSON.stringify(request) },
  );
  const detail = lastLines([result.stdout, result.stderr]);
  if (result.ended !== 'by-itself') {
    return [{ ...named, status: 'tool-error', message: endedBy(result.ended), detail }];
  }
  const lines = readLines(tools.readText(output));
  if (result.code !== 0 || lines.at(-1)?.kind !== 'done') {
    return [
      { ...named, status: 'tool-error', message: `ended early (exit code ${result.code ?? 'none'})`, detail },
    ];
  }
  const findings = lines.flatMap((line) => toFindings(line, group, tree, tools));
  return [
    { ...named, status: 'ran', version: installed.version, findings },
    ...brokenConfigurations(lines, group),
  ];
}

function readLines(text: string | undefined): FormatLine[] {
  if (text === undefined) return [];
  return text.split('\n').map((line) => JSON.parse(line) as FormatLine);
}

function toFindings(line: FormatLine, group: Group, tree: Tree, tools: LintTools): Finding[] {
  if (line.kind === 'syntax') {
    const path = above(line.file, group.dir);
    const location = { path, startLine: Math.max(1, line.line) };
    return [{ tool: 'prettier', rule: 'syntax', level: 'error', message: line.message, location }];
  }
  if (line.kind !== 'differs') return [];
  const path = above(line.file, group.dir);
  const before = (tools.readText(join(tree.root, path)) ?? '').split('\n');
  // Prettier keeps a byte order mark; what is read here comes without.
  const after = line.formatted.replace(/^\uFEFF/, '').split('\n');
  const message = 'Prettier would write this differently.';
  return hunkFindings('prettier', message, path, before, diffLines(before, after));
}

/** A configuration that cannot be read breaks the files below it and no others. */
function brokenConfigurations(lines: readonly FormatLine[], group: Group): Broke[] {
  const byMessage = new Map<string, string[]>();
  for (const line of lines) {
    if (line.kind !== 'config') continue;
    byMessage.set(line.message, [...(byMessage.get(line.message) ?? []), above(line.file, group.dir)]);
  }
  return [...byMessage].map(([message, files]) => ({
    tool: 'prettier',
    target: folderOf(files[0] ?? group.dir),
    status: 'tool-error',
    message: `${message.split('\n')[0] ?? ''} (${files.length} file${files.length === 1 ? '' : 's'} not checked)`,
    detail: `${message}\n${files.slice(0, 20).join('\n')}`,
  }));
}

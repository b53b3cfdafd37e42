import { join } from 'node:path';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { above, below, folderOf, isInside, nameIn } from '../../../../../toolkit/files/repository-path.ts';
import { findPackage, notInstalled, type Installed } from '../find-package.ts';
import { groupByFolder, type Group } from '../groups.ts';
import { hunkFindings } from '../hunk-findings.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { runNpmProgram } from '../npm-program.ts';
import { diffLines } from '../prettier/line-diff.ts';
import { readBiomeReport, type Diagnostic } from './read-report.ts';

const packageName = '@biomejs/biome';
const script = 'bin/biome';
const configuration = /^\.?biome\.jsonc?$/;
/** Each takes a call of its own; beyond, a finding says that the file differs and not where. */
const mostDiffs = 200;

/** Biome of the repository's own install: its linter, its formatter and its assists, as `biome ci` runs them. */
export const biome: Linter = {
  name: 'biome',
  configuration: /^(\.?biome\.jsonc?|\.editorconfig)$/,
  detects: (tree) => tree.allFiles.some((file) => configuration.test(nameIn(file))),
  tasks: (tree, tools) =>
    groupByFolder(tree.files, rootFolders(tree)).map((group) => ({
      tool: 'biome',
      target: group.dir,
      run: async () => [await check(tree, group, tools)],
    })),
};

/** Folders with a configuration that are not below another one: Biome itself looks for those further down. */
function rootFolders(tree: Tree): string[] {
  const dirs = tree.allFiles.filter((file) => configuration.test(nameIn(file))).map(folderOf);
  const roots = dirs.filter((dir) => !dirs.some((other) => other !== dir && isInside(dir, other)));
  return roots.length > 0 ? roots : [tree.workingDirectory];
}

async function check(tree: Tree, group: Group, tools: LintTools): Promise<ToolResult> {
  const named = { tool: 'biome', target: group.dir };
  const installed = await findPackage(packageName, tree.root, group.dir, tools);
  if (installed === undefined) {
    return { ...named, status: 'tool-error', message: notInstalled(packageName), detail: '' };
  }
  const { version } = installed;
  if (group.files.length === 0) return { ...named, status: 'ran', version, findings: [] };
  const answer = await runNpmProgram(
    {
      ...named,
      installed,
      script,
      args: [
        'ci',
        '--colors=off',
        '--reporter=json',
        '--max-diagnostics=none',
        '--no-errors-on-unmatched',
        '--files-ignore-unknown=true',
      ],
      paths: tree.whole ? ['.'] : group.files.map((file) => `./${below(file, group.dir)}`),
      cwd: join(tree.root, group.dir),
    },
    tools,
  );
  if ('broke' in answer) return answer.broke;
  const wanted = new Set(group.files);
  const findings = new Map<string, Finding>();
  const differing: string[] = [];
  for (const text of answer.printed) {
    const diagnostics = readBiomeReport(text);
    if (diagnostics === undefined) {
      const message = 'printed a report that cannot be read';
      return { ...named, status: 'tool-error', message, detail: text.slice(0, 500) };
    }
    for (const item of diagnostics) {
      const path = item.path === '' ? '' : above(item.path, group.dir);
      if (path === '' || /^(internalError|configuration|files\/missing)/.test(item.category)) {
        return { ...named, status: 'tool-error', message: item.message, detail: item.category };
      }
      if (!wanted.has(path)) continue;
      if (item.category === 'format') differing.push(path);
      else findings.set(JSON.stringify(item), toFinding(item, path));
    }
  }
  const formatted = await formatFindings([...new Set(differing)], { tree, group, installed }, tools);
  return { ...named, status: 'ran', version, findings: [...findings.values(), ...formatted] };
}

function toFinding(item: Diagnostic, path: string): Finding {
  const { category, message, level, location } = item;
  const rule = category.replace(/^lint\//, '');
  const name = (rule.split('/').at(-1) ?? '').replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return {
    tool: 'biome',
    rule,
    message,
    level,
    location: { path, ...location },
    ...(category.startsWith('lint/') ? { helpUri: `https://biomejs.dev/linter/rules/${name}` } : {}),
  };
}

/** What Biome would write, asked file by file: its report says only that a file differs. */
async function formatFindings(
  paths: readonly string[],
  { tree, group, installed }: { tree: Tree; group: Group; installed: Installed },
  tools: LintTools,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const message = 'Biome would format this differently.';
  for (const [index, path] of paths.entries()) {
    const source = tools.readText(join(tree.root, path)) ?? '';
    const argv = [...installed.nodeArgs, join(installed.dir, script), 'format', '--colors=off'];
    const result =
      index < mostDiffs
        ? await tools.run([process.execPath, ...argv, `--stdin-file-path=./${below(path, group.dir)}`], {
            cwd: join(tree.root, group.dir),
            input: source,
          })
        : undefined;
    const before = source.split('\n');
    const after = result?.code === 0 ? result.stdout.split('\n') : before;
    const hunks = hunkFindings('biome', message, path, before, diffLines(before, after));
    const whole: Finding = {
      tool: 'biome',
      rule: 'format',
      level: 'error',
      message,
      location: { path, startLine: 1 },
    };
    for (const finding of hunks.length > 0 ? hunks : [whole]) findings.push(finding);
  }
  return findings;
}

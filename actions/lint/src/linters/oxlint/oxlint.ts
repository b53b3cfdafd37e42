import { join } from 'node:path';
import * as v from 'valibot';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { above, below, folderOf, isInside, nameIn } from '../../../../../toolkit/files/repository-path.ts';
import { bytePlace } from '../byte-place.ts';
import { findPackage, notInstalled } from '../find-package.ts';
import { groupByFolder, type Group } from '../groups.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { runNpmProgram } from '../npm-program.ts';

const configuration = /^(\.oxlintrc\.jsonc?|oxlint\.config\.(js|mjs|cjs|ts|mts|cts))$/;
const sources = /\.([cm]?[jt]sx?|vue|svelte|astro)$/;

const span = v.object({
  offset: v.number(),
  length: v.number(),
  line: v.optional(v.number()),
  column: v.optional(v.number()),
});
const report = v.object({
  diagnostics: v.array(
    v.object({
      message: v.string(),
      code: v.optional(v.string()),
      severity: v.string(),
      url: v.optional(v.string()),
      filename: v.string(),
      labels: v.array(v.object({ span })),
    }),
  ),
});
type Diagnostic = v.InferOutput<typeof report>['diagnostics'][0];

/** oxlint of the repository's own install. */
export const oxlint: Linter = {
  name: 'oxlint',
  configuration,
  detects: (tree) => tree.allFiles.some((file) => configuration.test(nameIn(file))),
  tasks: (tree, tools) =>
    groupByFolder(tree.files, rootFolders(tree)).map((group) => ({
      tool: 'oxlint',
      target: group.dir,
      run: async () => [await check(tree, group, tools)],
    })),
};

/** Folders with a configuration that are not below another one: oxlint itself looks for those further down. */
function rootFolders(tree: Tree): string[] {
  const dirs = tree.allFiles.filter((file) => configuration.test(nameIn(file))).map(folderOf);
  const roots = dirs.filter((dir) => !dirs.some((other) => other !== dir && isInside(dir, other)));
  return roots.length > 0 ? roots : [tree.workingDirectory];
}

async function check(tree: Tree, group: Group, tools: LintTools): Promise<ToolResult> {
  const named = { tool: 'oxlint', target: group.dir };
  const installed = await findPackage('oxlint', tree.root, group.dir, tools);
  if (installed === undefined) {
    return { ...named, status: 'tool-error', message: notInstalled('oxlint'), detail: '' };
  }
  const { version } = installed;
  const files = group.files.filter((file) => sources.test(file));
  if (files.length === 0) return { ...named, status: 'ran', version, findings: [] };
  const answer = await runNpmProgram(
    {
      ...named,
      installed,
      script: 'bin/oxlint',
      args: ['--format=json', '--no-error-on-unmatched-pattern'],
      paths: tree.whole ? ['.'] : files.map((file) => `./${below(file, group.dir)}`),
      cwd: join(tree.root, group.dir),
    },
    tools,
  );
  if ('broke' in answer) return answer.broke;
  const wanted = new Set(files);
  const findings: Finding[] = [];
  for (const text of answer.printed) {
    const parsed = v.safeParse(report, parseJson(text));
    if (!parsed.success) {
      const message = 'printed a report that cannot be read';
      return { ...named, status: 'tool-error', message, detail: text.slice(0, 500) };
    }
    for (const item of parsed.output.diagnostics) {
      const path = above(item.filename.replace(/^\.\//, ''), group.dir);
      if (wanted.has(path)) findings.push(toFinding(item, path, () => tools.readText(join(tree.root, path))));
    }
  }
  return { ...named, status: 'ran', version, findings };
}

function toFinding(item: Diagnostic, path: string, readText: () => string | undefined): Finding {
  const at = item.labels[0]?.span;
  const text = at === undefined ? '' : (readText() ?? '');
  const start = at === undefined ? { line: 1, column: 1 } : bytePlace(text, at.offset);
  const end = at === undefined ? start : bytePlace(text, at.offset + at.length);
  return {
    tool: 'oxlint',
    rule: item.code ?? 'parse-error',
    message: item.message,
    level: item.severity === 'error' ? 'error' : item.severity === 'warning' ? 'warning' : 'note',
    location: {
      path,
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
    },
    helpUri: item.url,
  };
}

/** "No files found" may stand in front of the report. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.slice(text.indexOf('{')));
  } catch {
    return undefined;
  }
}

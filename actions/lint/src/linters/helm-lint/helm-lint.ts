import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { above, folderOf, isInside, nameIn } from '../../../../../toolkit/files/repository-path.ts';
import { lastLines } from '../../../../../toolkit/findings/ended-by.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { runProgram } from '../run-program.ts';

/** `helm lint` on each chart; helm comes from PATH. */
export const helmLint: Linter = {
  name: 'helm-lint',
  configuration: /^Chart\.(yaml|lock)$/,
  detects: (tree) => chartFolders(tree.allFiles).length > 0,
  tasks: (tree, tools) =>
    chartFolders(tree.allFiles)
      .filter((chart) => tree.files.some((file) => isInside(file, chart)))
      .map((chart) => ({
        tool: 'helm-lint',
        target: chart,
        run: async () => [await lintChart(tree, chart, tools)],
      })),
};

/** Folders of charts that are not part of another chart. */
export function chartFolders(files: readonly string[]): string[] {
  const dirs = files.filter((file) => nameIn(file) === 'Chart.yaml').map(folderOf);
  return dirs.filter((dir) => !dirs.some((other) => other !== dir && isInside(dir, above('charts', other))));
}

async function lintChart(tree: Tree, chart: string, tools: LintTools): Promise<ToolResult> {
  const named = { tool: 'helm-lint', target: chart };
  const answer = await runProgram(
    {
      ...named,
      argv: ['helm', 'lint'],
      files: [`./${chart}`],
      cwd: tree.root,
      hint: 'put it on PATH before this step',
      // 1: an error was found, or helm itself failed: what it printed tells.
      goodCodes: [0, 1],
      versionArg: 'version',
    },
    tools,
  );
  if (answer.kind === 'broke') return answer.broke;
  const [result] = answer.results;
  if (result === undefined) return { ...named, status: 'ran', version: answer.version, findings: [] };
  const detail = lastLines([result.stdout, result.stderr]);
  const findings = parseHelmLint(result.stdout, chart);
  const failed = /\d+ chart\(s\) linted/.test(result.stdout + result.stderr);
  if (!failed || (result.code !== 0 && findings.every((finding) => finding.level !== 'error'))) {
    const line = detail.split('\n').find((text) => /error/i.test(text)) ?? 'failed';
    return {
      ...named,
      status: 'tool-error',
      message: `${line} (exit code ${result.code ?? 'none'})`,
      detail,
    };
  }
  return { ...named, status: 'ran', version: answer.version, findings };
}

/** Reads `[LEVEL] path: message` lines; what is indented below belongs to the line above. */
export function parseHelmLint(text: string, chart: string): Finding[] {
  const findings: { -readonly [K in keyof Finding]: Finding[K] }[] = [];
  for (const line of text.split('\n')) {
    const [, level, path, message] = /^\[(ERROR|WARNING|INFO)\] ([^:]*): (.*)$/.exec(line) ?? [];
    const last = findings.at(-1);
    if (level === undefined) {
      if (/^\s+\S/.test(line) && last !== undefined) last.message += ` ${line.trim()}`;
      continue;
    }
    // `template: shop/templates/a.yaml:3:14: executing …` names the line.
    const at = /\btemplates?\/([^\s:()]+):(\d+)/.exec(message ?? '');
    const file = at === null ? placeOf(path ?? '') : `templates/${at[1] ?? ''}`;
    findings.push({
      tool: 'helm-lint',
      rule: ruleOf(path ?? ''),
      message: message ?? '',
      level: level === 'ERROR' ? 'error' : level === 'WARNING' ? 'warning' : 'note',
      location: { path: above(file, chart), startLine: at === null ? 1 : Number(at[2]) },
      // The line of a chart-wide message says nothing about what it is.
      excerpt: [message ?? ''],
    });
  }
  return findings;
}

function placeOf(path: string): string {
  return path === '' || path.endsWith('/') ? 'Chart.yaml' : path;
}

function ruleOf(path: string): string {
  return path.startsWith('templates') ? 'templates' : path === '' ? 'chart' : path;
}

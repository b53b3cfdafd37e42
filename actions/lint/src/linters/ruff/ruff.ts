import { join, relative, sep } from 'node:path';
import * as v from 'valibot';
import { toEdits } from './to-edits.ts';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { nameIn } from '../../../../../toolkit/files/repository-path.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { inPyproject, pythonFiles } from '../python.ts';
import { runProgram } from '../run-program.ts';

const place = v.object({ row: v.number(), column: v.number() });
const report = v.array(
  v.object({
    code: v.nullish(v.string()),
    message: v.string(),
    filename: v.string(),
    location: v.nullish(place),
    end_location: v.nullish(place),
    url: v.nullish(v.string()),
    fix: v.nullish(
      v.object({
        applicability: v.string(),
        edits: v.array(v.object({ content: v.string(), location: place, end_location: place })),
      }),
    ),
  }),
);

export const installRuff = 'install it before this step, such as `pip install ruff`';

/** Ruff's linter, from PATH: the consumer's virtual environment. */
export const ruff: Linter = {
  name: 'ruff',
  configuration: /^(\.?ruff\.toml|pyproject\.toml)$/,
  detects: (tree, tools) => hasRuff(tree, tools),
  tasks: (tree, tools) => [{ tool: 'ruff', target: '.', run: async () => [await check(tree, tools)] }],
};

/** Whether Ruff is configured. */
export function hasRuff(tree: Tree, tools: LintTools): boolean {
  return (
    tree.allFiles.some((file) => /^\.?ruff\.toml$/.test(nameIn(file))) || inPyproject(tree, tools, 'ruff')
  );
}

async function check(tree: Tree, tools: LintTools): Promise<ToolResult> {
  const named = { tool: 'ruff', target: '.' };
  const answer = await runProgram(
    {
      ...named,
      argv: ['ruff', 'check', '--output-format=json', '--no-cache', '--force-exclude', '--quiet'],
      files: pythonFiles(tree),
      cwd: tree.root,
      hint: installRuff,
      // 1: findings. A file that cannot be read is code 1 too, and shows as E902.
      goodCodes: [0, 1],
    },
    tools,
  );
  if (answer.kind === 'broke') return answer.broke;
  const texts = new Map<string, string>();
  const textOf = (path: string): string => {
    const text = texts.get(path) ?? tools.readText(join(tree.root, path)) ?? '';
    texts.set(path, text);
    return text;
  };
  const findings: Finding[] = [];
  for (const { stdout } of answer.results) {
    const parsed = v.safeParse(report, parse(stdout));
    if (!parsed.success) {
      return {
        ...named,
        status: 'tool-error',
        message: 'printed a report that cannot be read',
        detail: stdout.slice(0, 500),
      };
    }
    for (const item of parsed.output) {
      const path = relative(tree.root, item.filename).split(sep).join('/');
      if (item.code === 'E902') {
        return { ...named, status: 'tool-error', message: `${path}: ${item.message}`, detail: '' };
      }
      findings.push({
        tool: 'ruff',
        rule: item.code ?? 'invalid-syntax',
        message: item.message,
        level: 'error',
        location: {
          path,
          startLine: item.location?.row ?? 1,
          startColumn: item.location?.column,
          endLine: item.end_location?.row,
          endColumn: item.end_location?.column,
        },
        helpUri: item.url ?? undefined,
        ...(item.fix?.applicability === 'safe' ? { fix: toEdits(item.fix.edits, textOf(path)) } : {}),
      });
    }
  }
  return { ...named, status: 'ran', version: answer.version, findings };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

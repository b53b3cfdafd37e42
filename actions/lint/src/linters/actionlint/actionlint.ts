import * as v from 'valibot';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { actionlintSpec } from '../../../../../toolkit/tools/actionlint.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { runProgram } from '../run-program.ts';

const report = v.nullable(
  v.array(
    v.object({
      message: v.string(),
      filepath: v.string(),
      line: v.number(),
      column: v.number(),
      kind: v.string(),
      end_column: v.optional(v.number()),
    }),
  ),
);

const workflow = /^\.github\/workflows\/[^/]+\.ya?ml$/;
/** Says that the sibling reference `$/folder`, which runners know since 2.336, lacks a ref. */
const siblingReference = /^specifying action "\$\/[^"]*" in invalid format because ref is missing/;

/** actionlint on the workflows. */
export const actionlint: Linter = {
  name: 'actionlint',
  configuration: /^actionlint\.ya?ml$/,
  detects: (tree) => tree.allFiles.some((file) => workflow.test(file)),
  tasks: (tree, tools) => [{ tool: 'actionlint', target: '.', run: async () => [await check(tree, tools)] }],
};

async function check(tree: Tree, tools: LintTools): Promise<ToolResult> {
  const named = { tool: 'actionlint', target: '.' };
  const files = tree.files.filter((file) => workflow.test(file));
  if (files.length === 0) return { ...named, status: 'ran', version: '', findings: [] };
  const found = await tools.find(actionlintSpec);
  const answer = await runProgram(
    {
      ...named,
      argv: [found.path, '-no-color', '-format', '{{json .}}'],
      files,
      cwd: tree.root,
      hint: 'put it on PATH',
      // 1: problems. 2 is a wrong option, 3 a fatal error.
      goodCodes: [0, 1],
    },
    tools,
  );
  if (answer.kind === 'broke') return answer.broke;
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
    for (const item of parsed.output ?? []) {
      if (siblingReference.test(item.message)) continue;
      findings.push({
        tool: 'actionlint',
        rule: item.kind,
        message: item.message,
        level: 'error',
        location: {
          path: item.filepath,
          startLine: Math.max(1, item.line),
          startColumn: Math.max(1, item.column),
          ...(item.end_column === undefined
            ? {}
            : { endLine: Math.max(1, item.line), endColumn: item.end_column + 1 }),
        },
        helpUri: 'https://github.com/rhysd/actionlint/blob/main/docs/checks.md',
      });
    }
  }
  return { ...named, status: 'ran', version: found.version, findings };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

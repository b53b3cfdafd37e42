import { join } from 'node:path';
import * as v from 'valibot';
import type { Finding } from '../../../../../toolkit/findings/finding.ts';
import type { ToolResult } from '../../../../../toolkit/findings/tool-result.ts';
import { isInside } from '../../../../../toolkit/files/repository-path.ts';
import { chartFolders } from '../helm-lint/helm-lint.ts';
import type { Linter, LintTools, Tree } from '../linter.ts';
import { runProgram } from '../run-program.ts';

const report = v.object({
  resources: v.nullish(
    v.array(
      v.object({
        filename: v.string(),
        kind: v.string(),
        name: v.string(),
        status: v.string(),
        msg: v.string(),
        validationErrors: v.nullish(v.array(v.object({ path: v.string(), msg: v.string() }))),
      }),
    ),
  ),
});

/** Folder of schemas that the repository brings itself, for its custom resources or a machine without the internet. */
const ownSchemas = '.kubeconform';

/** kubeconform on plain manifests; templates of charts are no YAML yet and are left to the chart's linters. */
export const kubeconform: Linter = {
  name: 'kubeconform',
  // Schemas are data of the repository: their names say nothing.
  configuration: /^\.kubeconform$/,
  detects: (tree) => tree.allFiles.some((file) => isInside(file, ownSchemas)),
  tasks: (tree, tools) => [{ tool: 'kubeconform', target: '.', run: () => check(tree, tools) }],
};

async function check(tree: Tree, tools: LintTools): Promise<readonly ToolResult[]> {
  const named = { tool: 'kubeconform', target: '.' };
  const own = tree.allFiles.some((file) => isInside(file, ownSchemas));
  const answer = await runProgram(
    {
      ...named,
      argv: [
        'kubeconform',
        '-output=json',
        // Without it the report holds what is wrong, and not what was left out.
        '-verbose',
        '-ignore-missing-schemas',
        ...(own
          ? [`-schema-location=${join(tree.root, ownSchemas)}/{{.ResourceKind}}{{.KindSuffix}}.json`]
          : []),
        '-schema-location=default',
      ],
      files: manifests(tree, tools),
      cwd: tree.root,
      hint: 'put it on PATH before this step',
      goodCodes: [0, 1],
      versionArg: '-v',
    },
    tools,
  );
  if (answer.kind === 'broke') return [answer.broke];
  const findings: Finding[] = [];
  let unchecked = 0;
  for (const { stdout } of answer.results) {
    const parsed = v.safeParse(report, parse(stdout));
    if (!parsed.success) {
      return [
        {
          ...named,
          status: 'tool-error',
          message: 'printed a report that cannot be read',
          detail: stdout.slice(0, 500),
        },
      ];
    }
    for (const item of parsed.output.resources ?? []) {
      // A schema that cannot be fetched says nothing about the manifest.
      if (item.status === 'statusError' && item.msg.includes('failed downloading schema')) {
        return [
          {
            ...named,
            status: 'tool-error',
            message: 'the schemas cannot be downloaded',
            detail: item.msg,
          },
        ];
      }
      if (item.status === 'statusSkipped') unchecked += 1;
      if (item.status === 'statusInvalid' || item.status === 'statusError') findings.push(toFinding(item));
    }
  }
  const left: ToolResult[] =
    unchecked === 0
      ? []
      : [
          {
            ...named,
            target: 'without a schema',
            status: 'skipped',
            reason: `${unchecked} resource${unchecked === 1 ? ' has' : 's have'} no schema and ${unchecked === 1 ? 'is' : 'are'} not checked`,
          },
        ];
  return [{ ...named, status: 'ran', version: answer.version, findings }, ...left];
}

function toFinding(item: NonNullable<v.InferOutput<typeof report>['resources']>[0]): Finding {
  const errors = (item.validationErrors ?? []).map((error) => `${error.path}: ${error.msg}`);
  const what = item.kind === '' ? '' : `${item.kind} ${item.name}: `;
  const said = `${what}${errors.length > 0 ? errors.join('; ') : item.msg}`;
  return {
    tool: 'kubeconform',
    rule: item.status === 'statusInvalid' ? 'schema' : 'unreadable',
    message: said,
    level: 'error',
    location: { path: item.filename, startLine: 1 },
    excerpt: [said],
  };
}

function manifests(tree: Tree, tools: LintTools): string[] {
  const charts = chartFolders(tree.allFiles);
  return tree.files.filter((file) => {
    if (!/\.ya?ml$/.test(file) || isInside(file, '.github') || charts.some((chart) => isInside(file, chart)))
      return false;
    const text = tools.readText(join(tree.root, file)) ?? '';
    return (
      /^apiVersion:/m.test(text) && /^kind:/m.test(text) && !/^kind: (Kustomization|Component)\b/m.test(text)
    );
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
